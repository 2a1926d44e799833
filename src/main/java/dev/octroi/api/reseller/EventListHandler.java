package dev.octroi.api.reseller;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventFeed;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.Cursors.Position;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code GET /events}: pages to pull, or a stream for those who accept {@code text/event-stream}. */
final class EventListHandler implements OperationHandler {
    private static final String LIST = "/events";
    private static final long UNKNOWN = -1;

    private final TenantCalls calls;
    private final EventFeed feed;
    private final EventStreams streams;

    EventListHandler(TenantCalls calls, EventFeed feed, EventStreams streams) {
        this.calls = calls;
        this.feed = feed;
        this.streams = streams;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = calls.caller(call).tenantId();
        // A number that cannot be is a subscription without events, and no filter that is missing.
        OptionalLong subscription = call.query("subscriptionId")
                .map(text -> OptionalLong.of(PublicId.SUBSCRIPTION.parse(text).orElse(UNKNOWN)))
                .orElse(OptionalLong.empty());
        if (Accept.preferred(call, List.of("application/json", EventStreams.MEDIA_TYPE))
                .equals(EventStreams.MEDIA_TYPE)) {
            return streams.open(call, tenantId, subscription);
        }
        Cursors cursors = calls.cursors();
        Optional<String> given = call.query("after");
        OptionalLong after = given.map(cursor ->
                        OptionalLong.of(cursors.decode(tenantId + LIST, cursor).id()))
                .orElse(OptionalLong.empty());
        Optional<Instant> since = call.query("since").map(EventListHandler::moment);
        if (given.isEmpty() && since.isPresent()) {
            return feed.since(tenantId, since.get(), subscription, TenantCalls.limit(call))
                    .map(events -> reply(events, given, cursors, tenantId));
        }
        return feed.page(tenantId, after, subscription, TenantCalls.limit(call))
                .map(found -> found.orElseThrow(
                        () -> Problem.of(ProblemType.INVALID_CURSOR).toException()))
                .map(events -> reply(events, given, cursors, tenantId));
    }

    private static Instant moment(String text) {
        return Times.parse(text)
                .orElseThrow(() -> Refusals.unprocessable("invalid_moment", "\"since\" is no moment that can be"));
    }

    /** A feed has no last page: {@code next} is there whenever there was anything, to ask again later. */
    private static Reply reply(List<Event> events, Optional<String> given, Cursors cursors, int tenantId) {
        JsonArray items = new JsonArray();
        events.forEach(event -> items.add(WebhookJson.write(event)));
        String next = events.isEmpty()
                ? given.orElse(null)
                : cursors.encode(
                        tenantId + LIST, new Position("", events.getLast().id()));
        return Reply.ok(new JsonObject().put("items", items).put("next", next));
    }
}

package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors.Position;
import dev.octroi.http.Languages;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import dev.octroi.subscription.TimelineStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Locale;

/** {@code GET /subscriptions/{subscriptionId}/timeline}. */
final class GetTimelineHandler implements OperationHandler {
    /** Later than any event. */
    private static final Position START = new Position("9999-12-31T23:59:59Z", Long.MAX_VALUE);

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final TimelineStore timeline;

    GetTimelineHandler(TenantCalls calls, SubscriptionReader reader, TimelineStore timeline) {
        this.calls = calls;
        this.reader = reader;
        this.timeline = timeline;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        String list = calls.caller(call).tenantId() + "/timeline/" + call.path("subscriptionId");
        Position after = calls.cursors().after(call, list).orElse(START);
        int limit = TenantCalls.limit(call);
        Locale locale = Languages.choose(
                call.query("lang").orElse(null), call.header("Accept-Language").orElse(null), "en");
        return calls.run(
                        call,
                        (connection, caller) -> reader.find(call, connection)
                                .compose(subscription -> timeline.list(
                                        connection,
                                        caller.tenantId(),
                                        subscription.id(),
                                        Instant.parse(after.sort()),
                                        after.id(),
                                        limit + 1)))
                .map(entries -> Page.reply(
                                call,
                                entries,
                                limit,
                                calls.cursors(),
                                list,
                                entry -> TimelineJson.write(entry, locale),
                                entry -> new Position(entry.at().toString(), entry.id()))
                        .withHeader("Vary", "Accept-Language")
                        .withHeader("Content-Language", locale.getLanguage()));
    }
}

package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventFeed;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Events as they happen (WHATWG server-sent events). A stream ends with its token; the client comes back with
 * {@code Last-Event-ID} and misses nothing.
 */
final class EventStreams {
    static final String MEDIA_TYPE = "text/event-stream";

    private static final int MAX_STREAMS = 500;

    private static final int MAX_STREAMS_OF_TENANT = 50;

    private static final long UNKNOWN = -1;
    private static final int PAGE = 100;
    private static final long POLL_MS = 500;
    private static final long HEARTBEAT_MS = 15_000;

    private final Vertx vertx;
    private final EventFeed feed;
    private final InstantSource clock;

    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private final StreamSlots slots = new StreamSlots(MAX_STREAMS, MAX_STREAMS_OF_TENANT);

    EventStreams(Vertx vertx, EventFeed feed, InstantSource clock) {
        this.vertx = vertx;
        this.feed = feed;
        this.clock = clock;
    }

    Future<Reply> open(ApiCall call, int tenantId, OptionalLong subscription) {
        Optional<OptionalLong> last = call.header("Last-Event-ID").map(PublicId.EVENT::parse);
        // Before anything is looked up: many may be opened while that takes its time.
        if (!slots.take(tenantId)) {
            throw Problem.of(ProblemType.UNAVAILABLE, "Too many streams are open")
                    .toException()
                    .withHeader("Retry-After", "30");
        }
        return last.map(event -> known(tenantId, event))
                .orElseGet(() -> feed.newest(tenantId))
                .onFailure(failure -> slots.giveBack(tenantId))
                .map(position -> {
                    HttpServerResponse response = call.context().response();
                    Instant end = Principal.of(call.context()).expiresAt();
                    new Stream(response, tenantId, subscription, position, end).begin();
                    return Reply.written();
                });
    }

    /** A stream that cannot go on where its client was is refused: the client would take it for whole, and come back for ever. */
    private Future<OptionalLong> known(int tenantId, OptionalLong event) {
        return feed.isKnown(tenantId, event.orElse(UNKNOWN)).map(known -> {
            if (!known) {
                throw Problem.of(ProblemType.INVALID_CURSOR, "Last-Event-ID is no event that is kept")
                        .toException();
            }
            return event;
        });
    }

    /** Ends all streams: their clients come back to a gateway that goes on, with the event that they had last. */
    void end() {
        open.forEach(stream -> stream.context.runOnContext(end -> stream.close()));
    }

    /** One client. Confined to the event loop of its connection. */
    private final class Stream {
        private final Context context = vertx.getOrCreateContext();
        private final HttpServerResponse response;
        private final int tenantId;
        private final OptionalLong subscription;
        private final Instant end;
        private OptionalLong position;
        private boolean closed;
        private boolean reading;
        private long poll;
        private long heartbeat;

        private Stream(
                HttpServerResponse response,
                int tenantId,
                OptionalLong subscription,
                OptionalLong position,
                Instant end) {
            this.response = response;
            this.tenantId = tenantId;
            this.subscription = subscription;
            this.position = position;
            this.end = end;
        }

        private void begin() {
            if (response.closed()) {
                // The client has gone meanwhile: nobody would tell us any more.
                close();
                return;
            }
            response.putHeader("Content-Type", MEDIA_TYPE)
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("X-Accel-Buffering", "no")
                    .setChunked(true);
            response.closeHandler(gone -> close());
            response.exceptionHandler(failure -> close());
            response.write("retry: 3000\n\n");
            open.add(this);
            poll = vertx.setPeriodic(POLL_MS, tick -> read());
            heartbeat = vertx.setPeriodic(HEARTBEAT_MS, tick -> beat());
            read();
        }

        private void beat() {
            if (!closed && !response.writeQueueFull()) {
                response.write(": \n\n");
            }
        }

        private void read() {
            if (!clock.instant().isBefore(end)) {
                close();
                return;
            }
            if (closed || reading || response.writeQueueFull()) {
                return;
            }
            reading = true;
            feed.page(tenantId, position, subscription, PAGE).onComplete(page -> {
                reading = false;
                if (closed || page.failed()) {
                    return;
                }
                // What was sent last has been forgotten meanwhile: ending the stream tells the client to pull.
                page.result().ifPresentOrElse(this::write, this::close);
            });
        }

        private void write(List<Event> events) {
            for (Event event : events) {
                response.write("id: " + PublicId.EVENT.format(event.id()) + "\nevent: " + event.type() + "\ndata: "
                        + WebhookJson.write(event).encode() + "\n\n");
                position = OptionalLong.of(event.id());
            }
            if (events.size() == PAGE) {
                read();
            }
        }

        private void close() {
            if (closed) {
                return;
            }
            closed = true;
            open.remove(this);
            slots.giveBack(tenantId);
            vertx.cancelTimer(poll);
            vertx.cancelTimer(heartbeat);
            if (!response.ended() && !response.closed()) {
                response.end();
            }
        }
    }
}

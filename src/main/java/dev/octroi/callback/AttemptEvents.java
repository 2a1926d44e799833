package dev.octroi.callback;

import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventStore;
import dev.octroi.callback.network.NetworkCopyStore;
import dev.octroi.callback.outbox.Attempt;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.DeliveryListener;
import dev.octroi.callback.outbox.Dispatcher;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Verdict;
import dev.octroi.callback.webhook.WebhookStore;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What follows from attempts: confirmed policies are told, endpoints that are gone are disabled. */
final class AttemptEvents implements Dispatcher.Completion {
    private static final int GONE = 410;

    private final DeliveryListener listener;
    private final Ids ids;
    private final EventStore events = new EventStore();
    private final WebhookStore webhooks = new WebhookStore();

    private final NetworkCopyStore copies = new NetworkCopyStore();
    private final boolean readable;
    private final Duration readEvery;

    /**
     * @param readable whether policies go to partners, of which some can be read, and not to the address in the settings
     * @param readEvery how long after a confirmation a network is read
     */
    AttemptEvents(DeliveryListener listener, Ids ids, boolean readable, Duration readEvery) {
        this.listener = listener;
        this.ids = ids;
        this.readable = readable;
        this.readEvery = readEvery;
    }

    @Override
    public Future<Void> completed(SqlConnection connection, List<Attempt> held) {
        List<DeliveryListener.Result> results = new ArrayList<>();
        List<Event> raised = new ArrayList<>();
        Future<Void> disabled = Future.succeededFuture();
        for (Attempt attempt : held) {
            ClaimedRow row = attempt.row();
            boolean delivered = attempt.result() == Attempt.Result.DELIVERED;
            boolean dead = attempt.result() == Attempt.Result.DEAD;
            if (row.stream() == Stream.NETWORK) {
                results.add(new DeliveryListener.Result(
                        row.tenantId(),
                        row.key(),
                        row.version(),
                        row.payload(),
                        attempt.told(),
                        delivered,
                        attempt.at(),
                        attempt.error()));
                if (delivered || dead) {
                    raised.add(policyEvent(attempt, delivered));
                }
            } else if (row.stream() == Stream.WEBHOOK && dead && endsEndpoint(attempt)) {
                disabled = disabled.compose(before -> disable(connection, attempt));
            }
        }
        return disabled.compose(before ->
                        results.isEmpty() ? Future.succeededFuture() : listener.attempted(connection, results))
                .compose(heard -> events.append(connection, raised))
                .compose(told -> readLater(connection, held));
    }

    private Future<Void> readLater(SqlConnection connection, List<Attempt> held) {
        List<Attempt> read = held.stream()
                .filter(attempt ->
                        readable && attempt.result() == Attempt.Result.DELIVERED && isReadable(attempt.row()))
                .toList();
        return read.isEmpty()
                ? Future.succeededFuture()
                : copies.confirmed(
                        connection,
                        read.stream().map(Attempt::row).toList(),
                        read.getFirst().at().plus(readEvery));
    }

    private static boolean isReadable(ClaimedRow row) {
        return row.stream() == Stream.NETWORK
                && row.partner() != null
                && row.partner().connector() instanceof Connector.SignedHttp http
                && http.stateUrl().isPresent();
    }

    private Event policyEvent(Attempt attempt, boolean delivered) {
        ClaimedRow row = attempt.row();
        JsonObject data = row.payload()
                .copy()
                .put("subscription", PublicId.SUBSCRIPTION.format(row.key()))
                .put("version", row.version())
                .put("attempts", row.attempts());
        if (attempt.error() != null) {
            data.put("error", attempt.error());
        }
        return new Event(
                row.tenantId(),
                ids.next(row.vshard()),
                delivered ? "policy.applied" : "policy.failed",
                row.key(),
                data,
                attempt.at());
    }

    /** 410 says so, and so does a schedule that has run out: then it was no refusal that ended the row. */
    private static boolean endsEndpoint(Attempt attempt) {
        Integer status = attempt.status();
        return attempt.row().webhook() != null
                && (status == null || status == GONE || !Verdict.isFinal(Stream.WEBHOOK, status));
    }

    private Future<Void> disable(SqlConnection connection, Attempt attempt) {
        ClaimedRow row = attempt.row();
        String reason = "last answer: " + (attempt.error() == null ? "none" : attempt.error());
        return webhooks.disable(connection, row.tenantId(), row.endpointId(), reason)
                .compose(changed -> changed == 0
                        ? Future.succeededFuture()
                        : events.append(
                                connection,
                                List.of(new Event(
                                        row.tenantId(),
                                        ids.next(Ids.shardOf(row.endpointId())),
                                        "webhook.disabled",
                                        row.endpointId(),
                                        new JsonObject()
                                                .put("webhook", PublicId.WEBHOOK.format(row.endpointId()))
                                                .put("reason", reason),
                                        attempt.at()))));
    }
}

package dev.octroi.app;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.callback.network.PolicyPayload;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Urgency;
import dev.octroi.charging.SpendingNotices;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.quota.Sink;
import dev.octroi.quota.Sinks;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Effect;
import dev.octroi.support.AlarmAnswer;
import dev.octroi.support.AlarmReport;
import dev.octroi.support.Alarms;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Passes what counting decides on to the features that keep it, in the words of each. */
public final class Consequences {
    private final Ids ids;

    public Consequences(Ids ids) {
        this.ids = ids;
    }

    /**
     * The sinks of the write path.
     *
     * @param committed called after a commit that left something to send
     */
    public Sinks sinks(Outbox outbox, EventLog events, Alarms alarms, AuditLog audit, Runnable committed) {
        return new Sinks(
                (connection, rows) -> outbox.append(
                        connection, rows.stream().map(this::outboxRow).toList()),
                (connection, rows) -> outbox.append(
                        connection, rows.stream().map(this::notice).toList()),
                (connection, rows) ->
                        events.append(connection, rows.stream().map(this::event).toList()),
                (connection, rows) -> Future.succeededFuture(),
                (connection, rows) -> audit.append(
                        connection, rows.stream().map(Consequences::auditEntry).toList()),
                (connection, rows) -> alarms.open(connection, latest(rows)),
                (connection, rows) -> alarms.answer(
                        connection, rows.stream().map(Consequences::answer).toList()),
                committed);
    }

    /** The same, with the PCFs that subscribed to policy counters. */
    public Sinks sinks(
            Outbox outbox,
            EventLog events,
            Alarms alarms,
            AuditLog audit,
            SpendingNotices spending,
            Runnable committed) {
        Sinks plain = sinks(outbox, events, alarms, audit, committed);
        return new Sinks(
                plain.network(),
                plain.sessions(),
                plain.events(),
                (connection, rows) -> tellCounters(connection, outbox, spending, rows),
                plain.audit(),
                plain.alarms(),
                plain.answers(),
                plain.committed());
    }

    private static Future<Void> tellCounters(
            SqlConnection connection,
            Outbox outbox,
            SpendingNotices spending,
            List<Sink.Addressed<Effect.CountersMoved>> rows) {
        Set<AccountKey> moved = new LinkedHashSet<>();
        Set<AccountKey> over = new HashSet<>();
        for (Sink.Addressed<Effect.CountersMoved> row : rows) {
            moved.add(row.key());
            if (row.effect().over()) {
                over.add(row.key());
            }
        }
        return spending.append(
                connection, outbox, moved, over, rows.getFirst().effect().at());
    }

    private OutboxRow outboxRow(Sink.Addressed<Effect.PolicyDecided> row) {
        Policy policy = row.effect().after();
        JsonObject payload = PolicyPayload.of(
                policy.level(),
                policy.speed(),
                policy.reasonCode(),
                policy.blockedCategories(),
                policy.until().moment());
        return new OutboxRow(
                row.key().tenantId(),
                ids.next(row.key().vshard()),
                Stream.NETWORK,
                0,
                row.subscriptionId(),
                policy.version(),
                payload,
                row.effect().at(),
                urgency(row.effect()));
    }

    private static Urgency urgency(Effect.PolicyDecided decided) {
        boolean stops = stopsData(decided.after())
                && decided.after().level().compareTo(decided.before().level()) > 0;
        return Urgency.of(stops, decided.byClock());
    }

    private static boolean stopsData(Policy policy) {
        return policy.level().compareTo(Level.SUSPENDED_DATA) >= 0;
    }

    private OutboxRow notice(Sink.Addressed<Effect.SessionNotice> row) {
        Effect.SessionNotice notice = row.effect();
        JsonObject payload = new JsonObject()
                .put("account", row.key().accountId())
                .put("session", notice.session())
                .put("abort", notice.call() != Effect.SessionNotice.Call.ASK_AGAIN);
        switch (notice.call()) {
            case END_WHILE_SUSPENDED -> payload.put(NfMessageSource.WHILE_SUSPENDED, true);
            case END_WHILE_SILENT -> payload.put(NfMessageSource.WHILE_SILENT, true);
            case ASK_AGAIN, END -> {}
        }
        return new OutboxRow(
                row.key().tenantId(),
                ids.next(row.key().vshard()),
                Stream.CHARGING,
                notice.partnerId(),
                notice.session(),
                notice.version(),
                payload,
                notice.at());
    }

    private Event event(Sink.Addressed<Effect.EventRaised> row) {
        JsonObject data = new JsonObject(new HashMap<>(row.effect().data()))
                .put("subscription", PublicId.SUBSCRIPTION.format(row.subscriptionId()));
        return new Event(
                row.key().tenantId(),
                ids.next(row.key().vshard()),
                row.effect().type(),
                row.subscriptionId(),
                data,
                row.effect().at());
    }

    private static AuditEntry auditEntry(Sink.Addressed<Effect.AuditRow> row) {
        Effect.AuditRow audited = row.effect();
        Map<String, Object> after = new HashMap<>(audited.details());
        Object before = after.remove("before");
        Map<String, Object> beforeMembers = before == null ? Map.of() : Map.of("value", before);
        return new AuditEntry(
                row.key().tenantId(),
                audited.at(),
                actor(audited.actor()),
                audited.action(),
                PublicId.ACCOUNT.format(row.key().accountId()),
                audited.reason(),
                before == null ? null : beforeMembers,
                after,
                audited.actor().tokenId());
    }

    /** At most one report for each incident of a batch: the newest, with what the ones before say of the hold. */
    List<AlarmReport> latest(List<Sink.Addressed<Effect.AlarmRaised>> rows) {
        Map<List<Object>, AlarmReport> latest = new LinkedHashMap<>();
        for (Sink.Addressed<Effect.AlarmRaised> row : rows) {
            short shard = row.key().vshard();
            latest.merge(
                    List.of(row.key(), row.effect().alarm().incidentId()),
                    new AlarmReport(
                            row.key().tenantId(),
                            ids.next(shard),
                            ids.next(shard),
                            row.subscriptionId(),
                            row.effect().alarm(),
                            row.effect().at(),
                            row.effect().action(),
                            row.effect().recent()),
                    (before, after) -> after.after(before));
        }
        return new ArrayList<>(latest.values());
    }

    private static AlarmAnswer answer(Sink.Addressed<Effect.AlarmAnswered> row) {
        return new AlarmAnswer(
                row.key().tenantId(),
                row.subscriptionId(),
                row.effect().incident(),
                row.effect().meant(),
                actor(row.effect().actor()),
                row.effect().at());
    }

    private static String actor(Actor actor) {
        return switch (actor.kind()) {
            case SYSTEM -> "system:" + actor.name();
            case TRAVELLER -> "traveller";
            case NETWORK -> "partner:" + actor.name();
            default -> actor.written();
        };
    }
}

package dev.octroi.quota;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that one batch reads and writes.
 *
 * @param accounts loads accounts
 * @param known finds duplicates and sessions
 * @param changes writes the accounts
 * @param rare writes what hardly ever changes of them
 * @param charging writes the charging sessions
 * @param effects writes what belongs to them
 * @param acts finds and writes what changes over many subscriptions do
 * @param log keeps when restrictions began and ended
 * @param sinks pass on what belongs to other features
 */
record BatchStores(
        AccountLoadStore accounts,
        KnownStore known,
        ChangeStore changes,
        RareStore rare,
        ChargingStore charging,
        EffectStore effects,
        ActStore acts,
        RestrictionLogStore log,
        Sinks sinks) {
    BatchStores(Sinks sinks) {
        this(
                new AccountLoadStore(),
                new KnownStore(),
                new ChangeStore(),
                new RareStore(),
                new ChargingStore(),
                new EffectStore(),
                new ActStore(),
                new RestrictionLogStore(),
                sinks);
    }

    /**
     * Writes all consequences. The statements are sent one after the other without waiting for each answer; the accounts
     * come first, because their rows are the lock, and the audit last, because its chain is one.
     */
    Future<Void> write(SqlConnection connection, List<Change> batch) {
        List<Change> ordered = batch.stream()
                .sorted((one, other) -> AccountRows.ORDER.compare(
                        one.after().key(), other.after().key()))
                .toList();
        List<Future<?>> sent = new ArrayList<>();
        sent.add(changes.writeHot(connection, ordered));
        sent.add(changes.writeCold(connection, ordered));
        sent.add(rare.write(connection, ordered));
        sent.add(changes.writeBuckets(connection, ordered));
        sent.add(changes.writeDrain(connection, ordered));
        sent.add(changes.writeTimers(connection, ordered));
        sent.add(charging.write(connection, ordered));
        sent.add(effects.writeLedger(connection, of(ordered, Effect.LedgerRow.class)));
        sent.add(effects.writeHours(connection, ordered));
        sent.add(effects.writeSessions(connection, of(ordered, Effect.SessionMoved.class)));
        sent.add(effects.writeRestrictions(connection, ordered));
        sent.add(log.write(connection, of(ordered, Effect.RestrictionMoved.class)));
        sent.add(effects.writeRules(connection, ordered));
        sent.add(effects.writeDecisions(connection, of(ordered, Effect.PolicyDecided.class)));
        sent.add(acts.write(connection, of(ordered, Effect.ChangeItem.class)));
        return Future.all(sent)
                .compose(done -> send(connection, sinks.network(), ordered, Effect.PolicyDecided.class))
                .compose(done -> send(connection, sinks.sessions(), ordered, Effect.SessionNotice.class))
                .compose(done -> send(connection, sinks.events(), ordered, Effect.EventRaised.class))
                .compose(done -> send(connection, sinks.alarms(), ordered, Effect.AlarmRaised.class))
                .compose(done -> send(connection, sinks.answers(), ordered, Effect.AlarmAnswered.class))
                .compose(done -> send(connection, sinks.audit(), ordered, Effect.AuditRow.class));
    }

    private static <E extends Effect> Future<Void> send(
            SqlConnection connection, Sink<E> sink, List<Change> batch, Class<E> kind) {
        List<Sink.Addressed<E>> addressed = new ArrayList<>();
        for (Change change : batch) {
            for (Effect effect : change.effects()) {
                if (kind.isInstance(effect)) {
                    addressed.add(new Sink.Addressed<>(
                            change.after().key(), change.after().subscriptionId(), kind.cast(effect)));
                }
            }
        }
        return addressed.isEmpty() ? Future.succeededFuture() : sink.append(connection, addressed);
    }

    private static <E extends Effect> List<EffectStore.Of<E>> of(List<Change> batch, Class<E> kind) {
        List<EffectStore.Of<E>> found = new ArrayList<>();
        for (Change change : batch) {
            for (Effect effect : change.effects()) {
                if (kind.isInstance(effect)) {
                    found.add(new EffectStore.Of<>(change.after().key(), kind.cast(effect)));
                }
            }
        }
        return found;
    }
}

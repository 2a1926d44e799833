package dev.octroi.quota;

import dev.octroi.quota.account.Effect;
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
     *
     * @param changes by {@link AccountRows#ORDER}, at least one
     * @param told their effects
     */
    Future<Void> write(SqlConnection connection, List<Change> changes, BatchEffects told) {
        List<Future<?>> sent = new ArrayList<>();
        sent.add(this.changes.writeHot(connection, changes));
        sent.add(this.changes.writeCold(connection, changes));
        sent.add(rare.write(connection, changes));
        sent.add(this.changes.writeBuckets(connection, changes));
        sent.add(this.changes.writeDrain(connection, changes));
        sent.add(this.changes.writeTimers(connection, changes));
        sent.add(charging.write(connection, changes));
        sent.add(effects.writeLedger(connection, told.ledger()));
        sent.add(effects.writeHours(connection, changes));
        sent.add(effects.writeSessions(connection, told.sessions()));
        sent.add(effects.writeRestrictions(connection, changes));
        sent.add(log.write(connection, told.restrictions()));
        sent.add(effects.writeRules(connection, changes));
        sent.add(effects.writeDecisions(connection, told.decisions()));
        sent.add(acts.write(connection, told.items()));
        return Future.all(sent)
                .compose(done -> send(connection, sinks.network(), told.decisions()))
                .compose(done -> send(connection, sinks.sessions(), told.notices()))
                .compose(done -> send(connection, sinks.events(), told.events()))
                .compose(done -> send(connection, sinks.counters(), told.counters()))
                .compose(done -> send(connection, sinks.alarms(), told.alarms()))
                .compose(done -> send(connection, sinks.answers(), told.answers()))
                .compose(done -> send(connection, sinks.audit(), told.audit()));
    }

    private static <E extends Effect> Future<Void> send(
            SqlConnection connection, Sink<E> sink, List<Sink.Addressed<E>> told) {
        return told.isEmpty() ? Future.succeededFuture() : sink.append(connection, told);
    }
}

package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Database;
import dev.octroi.quota.AccountCommand;
import dev.octroi.quota.AccountKey;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.Actor;
import dev.octroi.quota.Outcome;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What could not be counted: seen, released or dropped by an admin, with a row in the audit log. Releasing counts first and
 * notes it then, so that a crash in between leads to a second release, which is a duplicate.
 */
public final class Quarantine {
    private static final int MAX_PAGE = 200;

    private final Database database;
    private final Accounts accounts;
    private final AuditLog audit;
    private final InstantSource clock;
    private final QuarantineStore store = new QuarantineStore();
    private final AccountStore links = new AccountStore();

    public Quarantine(Database database, Accounts accounts, AuditLog audit, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.audit = requireNonNull(audit, "audit is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** What became of a release. */
    public enum Release {
        /** Counted, now or before. */
        COUNTED,
        /** It does not wait any more. */
        NOT_THERE,
        /** Still no account is linked to its subscriber. */
        STILL_UNKNOWN,
        /** The account refused it. */
        REFUSED
    }

    /**
     * Records that wait, longest waiting first.
     *
     * @param limit 1 to 200
     */
    public Future<List<QuarantinedRecord>> waiting(int limit) {
        return database.inWorker(connection -> store.open(connection, Math.clamp(limit, 1, MAX_PAGE)));
    }

    /** Counts a record after all, whatever kept it. */
    public Future<Release> release(QuarantinedRecord.Id id, Actor actor, String reason) {
        return database.inWorker(connection -> store.take(connection, id).compose(found -> find(connection, found)))
                .compose(found -> {
                    if (found.isEmpty()) {
                        return Future.succeededFuture(Release.NOT_THERE);
                    }
                    AccountKey key = found.get().key();
                    return key == null
                            ? Future.succeededFuture(Release.STILL_UNKNOWN)
                            : count(id, key, found.get(), actor, reason);
                });
    }

    /** Leaves a record uncounted for good; false when it does not wait any more. */
    public Future<Boolean> drop(QuarantinedRecord.Id id, Actor actor, String reason) {
        return database.inWorker(connection -> store.take(connection, id)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(false)
                        : resolve(connection, id, id.tenantId(), "dropped", actor, reason)
                                .map(true)));
    }

    private Future<Release> count(QuarantinedRecord.Id id, AccountKey key, Found found, Actor actor, String reason) {
        return accounts.submit(
                        key, new AccountCommand.CountUsage(found.waiting().record(), actor))
                .compose(outcome -> outcome instanceof Outcome.Refused
                        ? Future.succeededFuture(Release.REFUSED)
                        : database.inWorker(connection ->
                                        resolve(connection, id, key.tenantId(), "released", actor, reason))
                                .map(Release.COUNTED));
    }

    private Future<Void> resolve(
            SqlConnection connection,
            QuarantinedRecord.Id id,
            int tenantId,
            String resolution,
            Actor actor,
            String reason) {
        Instant now = clock.instant();
        return store.resolve(connection, id, resolution, now)
                .compose(done -> audit.append(
                        connection,
                        new AuditEntry(
                                tenantId,
                                now,
                                actor.kind().word() + ":" + actor.name(),
                                "usage.quarantine_" + resolution,
                                id.source() + "/" + id.key(),
                                reason,
                                null,
                                Map.of("resolution", resolution),
                                actor.tokenId())));
    }

    private Future<Optional<Found>> find(SqlConnection connection, Optional<QuarantineStore.Waiting> waiting) {
        if (waiting.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        Subscriber subscriber = waiting.get().subscriber();
        return links.find(connection, new String[] {subscriber.kind().name()}, new byte[][] {subscriber.hash()})
                .map(keys -> Optional.of(new Found(waiting.get(), keys[0])));
    }

    private record Found(
            QuarantineStore.Waiting waiting, @Nullable AccountKey key) {}
}

package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Database;
import dev.octroi.db.PublicId;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.RecordName;
import dev.octroi.usage.QuarantinedRecord.Status;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What could not be counted: seen, released or dropped by an admin, with a row in the audit log. Releasing counts first and
 * notes it then, so that a crash in between leads to a second release, which is a duplicate. Tenant 0 stands for the
 * operator of the installation, who sees all; records of unknown subscribers are the operator's alone.
 */
public final class Quarantine {
    private static final int MAX_PAGE = 201;
    private static final int MAX_SWEPT = 500;

    private final Database database;
    private final Accounts accounts;
    private final AuditLog audit;
    private final InstantSource clock;
    private final QuarantineStore store = new QuarantineStore();
    private final AccountLinkStore links = new AccountLinkStore();
    private final QuarantineSweeper sweeper;

    public Quarantine(Database database, Accounts accounts, AuditLog audit, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.audit = requireNonNull(audit, "audit is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.sweeper = new QuarantineSweeper(database, accounts, audit, clock);
    }

    /**
     * Records, longest kept first.
     *
     * @param afterId only those with a greater number; 0 to start
     * @param limit 1 to 201
     */
    public Future<List<QuarantinedRecord>> list(int tenantId, Status status, long afterId, int limit) {
        int most = Math.clamp(limit, 1, MAX_PAGE);
        return database.inWorker(connection -> tenantId == 0
                ? store.list(connection, status, afterId, most)
                : store.listOf(connection, tenantId, status, afterId, most));
    }

    /** A record, unless it is another tenant's. */
    public Future<Optional<QuarantinedRecord>> find(int tenantId, long id) {
        return database.inWorker(connection -> store.find(connection, tenantId, id));
    }

    /** Counts a record after all, whatever kept it; one that ends in the future not before its end. */
    public Future<QuarantineOutcome> release(int tenantId, long id, Actor actor, String reason) {
        return find(tenantId, id).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(new QuarantineOutcome.Unknown());
            }
            return switch (found.get().status()) {
                case RELEASED -> Future.succeededFuture(new QuarantineOutcome.Resolved(found.get()));
                case DROPPED -> Future.succeededFuture(new QuarantineOutcome.ResolvedOtherwise(found.get()));
                case WAITING -> releaseWaiting(found.get(), actor, reason);
            };
        });
    }

    /** Leaves a record uncounted for good. */
    public Future<QuarantineOutcome> drop(int tenantId, long id, Actor actor, String reason) {
        return database.inWorker(connection -> store.find(connection, tenantId, id)
                .compose(found -> {
                    if (found.isEmpty()) {
                        return Future.succeededFuture(new QuarantineOutcome.Unknown());
                    }
                    return switch (found.get().status()) {
                        case DROPPED -> Future.succeededFuture(new QuarantineOutcome.Resolved(found.get()));
                        case RELEASED -> Future.succeededFuture(new QuarantineOutcome.ResolvedOtherwise(found.get()));
                        case WAITING ->
                            resolve(
                                    connection,
                                    found.get(),
                                    Status.DROPPED,
                                    found.get().tenantId(),
                                    actor,
                                    reason);
                    };
                }));
    }

    /**
     * Counts after all what waits and can be counted, longest kept first.
     *
     * @param afterId only those with a greater number; 0 to start
     * @param limit how many are looked at, 1 to 500
     */
    public Future<QuarantineSweep> releaseMany(
            int tenantId, QuarantineFilter filter, long afterId, int limit, Actor actor, String reason) {
        return sweeper.release(
                new QuarantineSweeper.Act(tenantId, filter, afterId, Math.clamp(limit, 1, MAX_SWEPT), actor, reason));
    }

    /** Leaves uncounted for good what waits; parameters as of {@link #releaseMany}. */
    public Future<QuarantineSweep> dropMany(
            int tenantId, QuarantineFilter filter, long afterId, int limit, Actor actor, String reason) {
        return sweeper.drop(
                new QuarantineSweeper.Act(tenantId, filter, afterId, Math.clamp(limit, 1, MAX_SWEPT), actor, reason));
    }

    private Future<QuarantineOutcome> releaseWaiting(QuarantinedRecord record, Actor actor, String reason) {
        if (!record.isReadable()) {
            return Future.succeededFuture(new QuarantineOutcome.Unreadable());
        }
        if (record.isInFuture(clock.instant())) {
            return Future.succeededFuture(new QuarantineOutcome.InFuture());
        }
        return database.inWorker(connection -> store.waiting(connection, record.id())
                        .compose(waiting -> account(connection, waiting).map(key -> new Owned(waiting, key))))
                .compose(owned -> {
                    AccountKey key = owned.key().orElse(null);
                    if (key == null) {
                        return Future.succeededFuture(new QuarantineOutcome.SubscriberUnknown());
                    }
                    if (!Feed.serves(owned.waiting().feedTenantId(), key.tenantId())) {
                        return Future.succeededFuture(new QuarantineOutcome.NotCovered());
                    }
                    AccountCommand command =
                            new AccountCommand.CountUsage(owned.waiting().record(), actor);
                    return count(record, new Accounts.Submission(key, command), actor, reason);
                });
    }

    /** A record that waits, and whose it is when that is known. */
    private record Owned(QuarantineStore.Waiting waiting, Optional<AccountKey> key) {}

    private Future<QuarantineOutcome> count(
            QuarantinedRecord record, Accounts.Submission submission, Actor actor, String reason) {
        return accounts.submit(submission.key(), submission.command()).compose(outcome -> switch (outcome) {
            case Outcome.Refused refused -> Future.succeededFuture(new QuarantineOutcome.Refused(refused));
            case Outcome.Accepted accepted -> noteReleased(record, submission.key(), actor, reason);
            case Outcome.Duplicate duplicate -> noteReleased(record, submission.key(), actor, reason);
        });
    }

    private Future<QuarantineOutcome> noteReleased(
            QuarantinedRecord record, AccountKey key, Actor actor, String reason) {
        return database.inWorker(
                connection -> resolve(connection, record, Status.RELEASED, key.tenantId(), actor, reason));
    }

    /** Of two at once the first is noted; only what was counted is released, whoever wished to drop it meanwhile. */
    private Future<QuarantineOutcome> resolve(
            SqlConnection connection,
            QuarantinedRecord record,
            Status status,
            int auditTenant,
            Actor actor,
            String reason) {
        Instant now = clock.instant();
        Future<Boolean> noted = store.resolve(connection, record.id(), status, now)
                .compose(changed -> changed
                        ? audit.append(connection, entry(record, status, auditTenant, actor, reason, now))
                                .map(true)
                        : Future.succeededFuture(false));
        return noted.compose(changed -> store.find(connection, 0, record.id())).map(found -> {
            QuarantinedRecord after = found.orElse(record);
            return after.status() == status
                    ? new QuarantineOutcome.Resolved(after)
                    : new QuarantineOutcome.ResolvedOtherwise(after);
        });
    }

    private static AuditEntry entry(
            QuarantinedRecord record, Status status, int tenantId, Actor actor, String reason, Instant now) {
        return new AuditEntry(
                tenantId,
                now,
                actor.written(),
                "usage.quarantine_" + status.word(),
                PublicId.QUARANTINED.format(record.id()),
                reason,
                null,
                Map.of(
                        "resolution",
                        status.word(),
                        "source",
                        record.source(),
                        "record",
                        RecordName.of(record.source(), record.key())),
                actor.tokenId());
    }

    /** Whose SIM it was when the record ended. */
    private Future<Optional<AccountKey>> account(SqlConnection connection, QuarantineStore.Waiting waiting) {
        return links.at(connection, List.of(SubscriberAccounts.use(waiting.subscriber(), waiting.record())))
                .map(keys -> Optional.ofNullable(keys[0]));
    }
}

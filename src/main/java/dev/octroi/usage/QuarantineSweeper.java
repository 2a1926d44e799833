package dev.octroi.usage;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Database;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.usage.QuarantinedRecord.Status;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Releases or drops several records by one act, with one row in the audit log of each tenant that it touches. */
final class QuarantineSweeper {
    private final Database database;
    private final AuditLog audit;
    private final InstantSource clock;
    private final QuarantineSweepStore store = new QuarantineSweepStore();
    private final QuarantineCounting counting;

    /**
     * An act of somebody on many records.
     *
     * @param tenantId whose records; 0: all
     * @param filter which of them
     * @param afterId those with a greater number
     * @param limit how many at most
     */
    record Act(int tenantId, QuarantineFilter filter, long afterId, int limit, Actor actor, String reason) {}

    QuarantineSweeper(Database database, Accounts accounts, AuditLog audit, InstantSource clock) {
        this.database = database;
        this.audit = audit;
        this.clock = clock;
        this.counting = new QuarantineCounting(database, accounts);
    }

    /** Counts first and notes it then: what a crash leaves unnoted is a duplicate at the next try. */
    Future<QuarantineSweep> release(Act act) {
        return find(act)
                .compose(found -> counting.owned(ended(found))
                        .compose(owned -> counting.count(covered(owned), waiting -> act.actor()))
                        .compose(counted -> noteReleased(act, counted))
                        .map(resolved -> sweep(act, found, resolved)));
    }

    Future<QuarantineSweep> drop(Act act) {
        return database.inWorker(connection -> store.find(
                        connection, act.tenantId(), act.filter(), act.afterId(), act.limit())
                .compose(found -> {
                    List<Long> ids =
                            found.stream().map(QuarantineSweepStore.Found::id).toList();
                    return resolve(connection, act, ids, Status.DROPPED, Map.of())
                            .map(resolved -> sweep(act, found, resolved));
                }));
    }

    private Future<List<QuarantineSweepStore.Found>> find(Act act) {
        return database.inWorker(
                connection -> store.find(connection, act.tenantId(), act.filter(), act.afterId(), act.limit()));
    }

    /** Those that can be read and do not end in the future any more, whatever kept them. */
    private List<QuarantineCounting.Numbered> ended(List<QuarantineSweepStore.Found> found) {
        Instant latest = clock.instant().plus(UsageIntake.CLOCK_SKEW);
        List<QuarantineCounting.Numbered> ended = new ArrayList<>();
        for (QuarantineSweepStore.Found each : found) {
            QuarantineStore.Waiting waiting = each.waiting();
            if (waiting != null && !waiting.record().eventEnd().isAfter(latest)) {
                ended.add(new QuarantineCounting.Numbered(each.id(), waiting));
            }
        }
        return ended;
    }

    private static List<QuarantineCounting.Owned> covered(List<QuarantineCounting.Owned> owned) {
        return owned.stream()
                .filter(each -> each.account() != null
                        && Feed.serves(
                                each.waiting().feedTenantId(), each.account().tenantId()))
                .toList();
    }

    private Future<Integer> noteReleased(Act act, Map<Long, AccountKey> counted) {
        Map<Long, Integer> tenants = new LinkedHashMap<>();
        counted.forEach((id, account) -> tenants.put(id, account.tenantId()));
        return database.inWorker(
                connection -> resolve(connection, act, List.copyOf(counted.keySet()), Status.RELEASED, tenants));
    }

    /** @param owners the tenants into whose accounts records were counted; others stand in the chain of their own */
    private Future<Integer> resolve(
            SqlConnection connection, Act act, List<Long> ids, Status status, Map<Long, Integer> owners) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(0);
        }
        Instant now = clock.instant();
        return store.resolve(connection, ids, status, now).compose(resolved -> {
            Map<Integer, Integer> sums = new LinkedHashMap<>();
            resolved.forEach((id, tenant) -> sums.merge(owners.getOrDefault(id, tenant), 1, Integer::sum));
            Future<Void> noted = Future.succeededFuture();
            for (Map.Entry<Integer, Integer> sum : sums.entrySet()) {
                AuditEntry entry = entry(act, status, sum.getKey(), sum.getValue(), now);
                noted = noted.compose(done -> audit.append(connection, entry).mapEmpty());
            }
            return noted.map(done -> resolved.size());
        });
    }

    private static AuditEntry entry(Act act, Status status, int tenantId, int records, Instant now) {
        return new AuditEntry(
                tenantId,
                now,
                act.actor().written(),
                "usage.quarantine_" + status.word(),
                act.filter().text(),
                act.reason(),
                null,
                Map.of("resolution", status.word(), "records", records),
                act.actor().tokenId());
    }

    private static QuarantineSweep sweep(Act act, List<QuarantineSweepStore.Found> found, int resolved) {
        return new QuarantineSweep(
                resolved,
                found.size() - resolved,
                found.size() < act.limit() ? null : found.getLast().id());
    }
}

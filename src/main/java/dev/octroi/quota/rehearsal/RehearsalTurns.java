package dev.octroi.quota.rehearsal;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Who may rehearse: one of a tenant at a time, and few in a gateway. A rehearsal holds records of whole accounts in memory and takes a
 * processor for seconds to minutes, next to the event loops that count.
 */
public final class RehearsalTurns {
    private static final int AT_ONCE = 2;

    private final Set<Integer> tenants = new HashSet<>();

    /**
     * Runs a rehearsal, unless the tenant has one under way or the gateway has as many as it may: then it fails with
     * {@link RejectedExecutionException}, which tells a caller to come again.
     */
    <T> Future<T> take(int tenantId, Supplier<Future<T>> rehearsal) {
        if (!begin(tenantId)) {
            return Future.failedFuture(new RejectedExecutionException("too many rehearsals are under way"));
        }
        return Future.<Void>succeededFuture().compose(begun -> rehearsal.get()).onComplete(done -> end(tenantId));
    }

    private synchronized boolean begin(int tenantId) {
        return tenants.size() < AT_ONCE && tenants.add(tenantId);
    }

    private synchronized void end(int tenantId) {
        tenants.remove(tenantId);
    }
}

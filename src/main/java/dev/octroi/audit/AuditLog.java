package dev.octroi.audit;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/**
 * Writes and reads the audit log. Whoever changes something appends its entry inside the same transaction: what cannot be
 * audited is not done.
 *
 * <p>Appending locks the end of the tenant's chain until the transaction commits. So append last, after all other rows.
 */
public final class AuditLog {
    private static final int MAX_PAGE = 200;

    private final AuditStore store = new AuditStore();

    /** Appends one entry in the caller's transaction. */
    public Future<Void> append(SqlConnection connection, AuditEntry entry) {
        return store.append(connection, List.of(entry));
    }

    /**
     * Appends entries of one or more tenants, in their order, in one round trip of the caller's transaction. More than one
     * tenant needs the worker role.
     */
    public Future<Void> append(SqlConnection connection, List<AuditEntry> entries) {
        return entries.isEmpty() ? Future.succeededFuture() : store.append(connection, entries);
    }

    /**
     * The newest entries of a tenant, newest first.
     *
     * @param beforeSeq only those with a smaller number; {@link Long#MAX_VALUE} to start
     * @param limit 1 to 200
     */
    public Future<List<AuditRow>> newest(SqlClient connection, int tenantId, long beforeSeq, int limit) {
        return store.before(connection, tenantId, beforeSeq, Math.clamp(limit, 1, MAX_PAGE));
    }

    /** The same of what was done to one object, named by its public id. */
    public Future<List<AuditRow>> newestOf(
            SqlClient connection, int tenantId, String objectId, long beforeSeq, int limit) {
        return store.beforeOf(connection, tenantId, objectId, beforeSeq, Math.clamp(limit, 1, MAX_PAGE));
    }
}

package dev.octroi.audit;

import dev.octroi.db.ArrayColumns;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The chains in the database. */
final class AuditStore {
    static final String HEADS = """
            WITH RECURSIVE present (tenant_id) AS (
                SELECT min(tenant_id) FROM audit
                UNION ALL
                SELECT (SELECT min(a.tenant_id) FROM audit a WHERE a.tenant_id > p.tenant_id)
                FROM present p WHERE p.tenant_id IS NOT NULL
            )
            SELECT t.tenant_id, coalesce(h.seq, 0) AS seq, coalesce(h.hash, ''::bytea) AS hash
            FROM (SELECT tenant_id FROM audit_head
                  UNION SELECT tenant_id FROM present WHERE tenant_id IS NOT NULL) AS t
            LEFT JOIN audit_head h USING (tenant_id)
            ORDER BY t.tenant_id
            """;

    Future<Void> append(SqlConnection connection, List<AuditEntry> entries) {
        List<AuditEntry.Parts> parts = entries.stream().map(AuditEntry::parts).toList();
        return connection
                .preparedQuery("""
                        SELECT audit_append($1::int[], $2::text[], $3::text[])
                        """)
                .execute(Tuple.of(
                        entries.stream().map(AuditEntry::tenantId).toArray(Integer[]::new),
                        parts.stream().map(AuditEntry.Parts::before).toArray(String[]::new),
                        parts.stream().map(AuditEntry.Parts::after).toArray(String[]::new)))
                .mapEmpty();
    }

    /** Makes the transaction that just began see one moment of the database, whatever else is committed meanwhile. */
    Future<Void> freeze(SqlConnection connection) {
        return connection.query("""
                        SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
                        """).execute().mapEmpty();
    }

    /** Rows of a chain after a number, in order. */
    Future<List<AuditRow>> after(SqlClient client, int tenantId, long seq, int limit) {
        return client.preparedQuery("""
                        SELECT tenant_id, seq, entry, prev, hash FROM audit
                        WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, seq, limit))
                .map(rows -> ArrayColumns.list(rows, AuditStore::row));
    }

    /** The newest rows of a chain before a number, newest first. */
    Future<List<AuditRow>> before(SqlClient client, int tenantId, long seq, int limit) {
        return client.preparedQuery("""
                        SELECT tenant_id, seq, entry, prev, hash FROM audit
                        WHERE tenant_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, seq, limit))
                .map(rows -> ArrayColumns.list(rows, AuditStore::row));
    }

    /** The same of one object. */
    Future<List<AuditRow>> beforeOf(SqlClient client, int tenantId, String objectId, long seq, int limit) {
        return client.preparedQuery("""
                        SELECT tenant_id, seq, entry, prev, hash FROM audit
                        WHERE tenant_id = $1 AND object_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4
                        """)
                .execute(Tuple.of(tenantId, objectId, seq, limit))
                .map(rows -> ArrayColumns.list(rows, AuditStore::row));
    }

    /**
     * The recorded ends of all chains, also of those whose head row is gone. Tenants are found by a step through the key for
     * each; DISTINCT would read all rows that there ever were.
     */
    Future<List<AuditHead>> heads(SqlClient client) {
        return client.preparedQuery(HEADS).execute().map(rows -> {
            List<AuditHead> found = new ArrayList<>();
            rows.forEach(row -> found.add(head(row)));
            return found;
        });
    }

    /** The recorded end of one chain. */
    Future<AuditHead> head(SqlClient client, int tenantId) {
        return client.preparedQuery("""
                        SELECT tenant_id, seq, hash FROM audit_head WHERE tenant_id = $1
                        """)
                .execute(Tuple.of(tenantId))
                .map(rows -> rows.size() == 0
                        ? new AuditHead(tenantId, 0, new byte[0])
                        : head(rows.iterator().next()));
    }

    private static AuditHead head(Row row) {
        return new AuditHead(row.getInteger("tenant_id"), row.getLong("seq"), bytes(row.getBuffer("hash")));
    }

    private static AuditRow row(Row row) {
        return new AuditRow(
                row.getInteger("tenant_id"),
                row.getLong("seq"),
                row.getString("entry"),
                bytes(row.getBuffer("prev")),
                bytes(row.getBuffer("hash")));
    }

    private static byte[] bytes(Buffer buffer) {
        return buffer.getBytes();
    }
}

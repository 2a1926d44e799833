package dev.octroi.access;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tenants in the database; for the worker role, since a tenant's own connection sees only itself. */
public final class TenantStore {

    /** Adds a tenant; empty when the slug is taken. */
    public Future<Optional<Tenant>> insert(SqlConnection connection, String slug, String name, Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO tenant (slug, name, created_at) VALUES ($1, $2, $3)
                        ON CONFLICT (slug) DO NOTHING
                        RETURNING tenant_id, slug, name, created_at, disabled_at
                        """)
                .execute(Tuple.of(slug, name, now.atOffset(ZoneOffset.UTC)))
                .map(TenantStore::first);
    }

    /** One tenant. */
    public Future<Optional<Tenant>> find(SqlClient client, int tenantId) {
        return client.preparedQuery("""
                        SELECT tenant_id, slug, name, created_at, disabled_at FROM tenant WHERE tenant_id = $1
                        """).execute(Tuple.of(tenantId)).map(TenantStore::first);
    }

    /** Ends or takes up again what a tenant's clients may; false when it is so already, or there is no such tenant. */
    public Future<Boolean> disable(SqlConnection connection, int tenantId, boolean disabled, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE tenant SET disabled_at = CASE WHEN $2 THEN $3::timestamptz END
                        WHERE tenant_id = $1 AND (disabled_at IS NOT NULL) <> $2
                        """)
                .execute(Tuple.of(tenantId, disabled, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Tenants after a number, in order. */
    public Future<List<Tenant>> list(SqlClient client, int afterId, int limit) {
        return client.preparedQuery("""
                        SELECT tenant_id, slug, name, created_at, disabled_at FROM tenant
                        WHERE tenant_id > $1 ORDER BY tenant_id LIMIT $2
                        """).execute(Tuple.of(afterId, limit)).map(rows -> {
            List<Tenant> found = new ArrayList<>();
            rows.forEach(row -> found.add(tenant(row)));
            return found;
        });
    }

    private static Optional<Tenant> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(tenant(rows.iterator().next()));
    }

    private static Tenant tenant(Row row) {
        return new Tenant(
                row.getInteger("tenant_id"),
                row.getString("slug"),
                row.getString("name"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("disabled_at") != null);
    }
}

package dev.octroi.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Zones, one row for each version. All methods run within the caller's tenant transaction. */
public final class ZoneStore {

    /**
     * Adds a version.
     *
     * @return false when this version, or a later one, is there already
     */
    public Future<Boolean> insert(SqlConnection connection, int tenantId, Zone zone) {
        return connection
                .preparedQuery("""
                        INSERT INTO zone (tenant_id, id, version, name, tracking_areas, networks, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7)
                        ON CONFLICT DO NOTHING
                        """)
                .execute(Tuple.from(new Object[] {
                    tenantId,
                    zone.id(),
                    zone.version(),
                    zone.name(),
                    zone.trackingAreas().toArray(String[]::new),
                    zone.networks().toArray(String[]::new),
                    zone.createdAt().atOffset(ZoneOffset.UTC)
                }))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The current version. */
    public Future<Optional<Zone>> find(SqlConnection connection, int tenantId, long id) {
        return findAll(connection, tenantId, List.of(id))
                .map(zones -> zones.stream().findFirst());
    }

    /** The current versions of those of the zones that exist. */
    public Future<List<Zone>> findAll(SqlConnection connection, int tenantId, Collection<Long> ids) {
        return connection
                .preparedQuery("""
                        SELECT DISTINCT ON (id) id, version, name, tracking_areas, networks, created_at
                        FROM zone WHERE tenant_id = $1 AND id = ANY ($2) ORDER BY id DESC, version DESC
                        """)
                .execute(Tuple.of(tenantId).addValue(ids.toArray(Long[]::new)))
                .map(ZoneStore::zones);
    }

    /** Current versions, newest zone first, of zones older than {@code beforeId}. */
    public Future<List<Zone>> list(SqlConnection connection, int tenantId, long beforeId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT DISTINCT ON (id) id, version, name, tracking_areas, networks, created_at
                        FROM zone WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC, version DESC LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, beforeId, limit))
                .map(ZoneStore::zones);
    }

    private static List<Zone> zones(Iterable<Row> rows) {
        List<Zone> zones = new ArrayList<>();
        rows.forEach(row -> zones.add(new Zone(
                row.getLong("id"),
                row.getInteger("version"),
                row.getString("name"),
                List.of(row.getArrayOfStrings("tracking_areas")),
                List.of(row.getArrayOfStrings("networks")),
                row.getOffsetDateTime("created_at").toInstant())));
        return zones;
    }
}

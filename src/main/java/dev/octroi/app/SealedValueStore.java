package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.quota.SessionAddressStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sealed values in their tables, read and replaced by the place of their rows. */
final class SealedValueStore {
    static final int COUNT_TIMEOUT_SECONDS = 600;

    /** Version, key and nonce: no two values share them. */
    private static final int HEAD_BYTES = 17;

    private static final String KEK = "get_byte(%1$s, 1) * 256 + get_byte(%1$s, 2)";

    private final Database database;
    private final SessionAddressStore addresses = new SessionAddressStore();

    /**
     * A value.
     *
     * @param at the row's place ({@code ctid}), good until the row changes
     * @param key the row's key as it is authenticated with the value
     */
    record Found(String at, int tenantId, String key, byte[] sealed) {}

    /** A value that takes the place of one that was found. */
    record Anew(Found found, byte[] sealed) {}

    SealedValueStore(Database database) {
        this.database = requireNonNull(database, "database is null");
    }

    /** How many values of a column, or of another expression over a table, lie under each key. Reads the whole table. */
    Future<SortedMap<Integer, Long>> countByKek(String table, String value) {
        String sql = "SELECT %s AS kek, count(*) AS values FROM %s WHERE %s IS NOT NULL GROUP BY 1"
                .formatted(KEK.formatted(value), table, value);
        return database.inWorker(connection -> connection
                        .query("SET LOCAL statement_timeout = " + COUNT_TIMEOUT_SECONDS * 1_000)
                        .execute()
                        .compose(set -> connection.query(sql).execute()))
                .map(rows -> {
                    SortedMap<Integer, Long> counted = new TreeMap<>();
                    rows.forEach(row -> counted.put(row.getInteger("kek"), row.getLong("values")));
                    return counted;
                });
    }

    /** See {@link GatewayKeysStore#without}. */
    Future<Integer> gatewaysWithout(int kekId) {
        return database.inWorker(connection -> new GatewayKeysStore().without(connection, kekId));
    }

    /** How many pages a table has. */
    Future<Long> pages(String table) {
        return database.workerPool()
                .preparedQuery("""
                        SELECT pg_relation_size($1::text::regclass) / current_setting('block_size')::bigint AS pages
                        """)
                .execute(Tuple.of(table))
                .map(rows -> rows.iterator().next().getLong("pages"));
    }

    /** Values that lie not under a key, behind one place and before another, in their order; as many as the column allows. */
    Future<List<Found>> notUnder(int kekId, SealedColumn column, String after, String before) {
        String sql = """
                SELECT ctid::text AS at, tenant_id, (%1$s)::text AS key, %2$s AS sealed FROM %3$s
                WHERE ctid > $1::text::tid AND ctid < $2::text::tid AND %2$s IS NOT NULL AND %4$s <> $3
                ORDER BY ctid LIMIT %5$d
                """.formatted(
                column.key(), column.column(), column.table(), KEK.formatted(column.column()), column.rowsAtOnce());
        return database.workerPool()
                .preparedQuery(sql)
                .execute(Tuple.of(after, before, kekId))
                .map(rows -> {
                    List<Found> found = new ArrayList<>();
                    rows.forEach(row -> found.add(found(row)));
                    return found;
                });
    }

    /** Replaces values that are still those that were found, in rows that nobody else has in hand; gives how many were. */
    Future<Integer> replace(SealedColumn column, List<Anew> values) {
        String sql = """
                WITH free AS (
                  SELECT t.ctid AS at, n.anew
                  FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS n(at, head, anew)
                  JOIN %1$s t ON t.ctid = n.at::tid AND substring(t.%2$s FROM 1 FOR %3$d) = n.head
                  ORDER BY t.ctid
                  FOR UPDATE OF t SKIP LOCKED
                )
                UPDATE %1$s t SET %2$s = f.anew FROM free f WHERE t.ctid = f.at
                """.formatted(column.table(), column.column(), HEAD_BYTES);
        Tuple arrays = Tuple.of(
                values.stream().map(value -> value.found().at()).toArray(String[]::new),
                values.stream()
                        .map(value -> Buffer.buffer(value.found().sealed()).slice(0, HEAD_BYTES))
                        .toArray(Buffer[]::new),
                values.stream().map(value -> Buffer.buffer(value.sealed())).toArray(Buffer[]::new));
        return database.workerPool().preparedQuery(sql).execute(arrays).map(rows -> rows.rowCount());
    }

    /** See {@link SessionAddressStore#notUnder}. */
    Future<List<SessionAddressStore.Address>> addressesNotUnder(int kekId, SessionAddressStore.Address after) {
        return addresses.notUnder(database.workerPool(), kekId, after);
    }

    /** See {@link SessionAddressStore#replace}. */
    Future<Boolean> replaceAddress(SessionAddressStore.Address found, String sealed) {
        return database.inWorker(connection -> addresses.replace(connection, found, sealed));
    }

    private static Found found(Row row) {
        return new Found(
                row.getString("at"),
                row.getInteger("tenant_id"),
                row.getString("key"),
                row.getBuffer("sealed").getBytes());
    }
}

package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountLink;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the accounts behind keyed hashes of network identifiers, now and at a moment before: a SIM that was replaced or moved
 * leaves behind whose it was until then.
 */
public final class AccountLinkStore {
    /**
     * A SIM at a moment.
     *
     * @param kind {@code IMSI} or {@code ICCID}
     * @param hash {@code BlindIndex.network}
     * @param at when it was used
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Use(String kind, byte[] hash, Instant at) {}

    /** The links of today: in the order of the hashes, null where there is none. */
    public Future<@Nullable AccountLink[]> find(SqlClient client, String[] kinds, byte[][] hashes) {
        Buffer[] buffers = new Buffer[hashes.length];
        Integer[] places = new Integer[hashes.length];
        for (int i = 0; i < hashes.length; i++) {
            buffers[i] = Buffer.buffer(hashes[i]);
            places[i] = i;
        }
        return client.preparedQuery("""
                        SELECT k.place, l.tenant_id, l.account_id, l.linked_at
                        FROM unnest($1::int[], $2::text[], $3::bytea[]) AS k (place, kind, hash)
                        JOIN account_link l ON l.kind = k.kind AND l.hash = k.hash
                        """)
                .execute(Tuple.of(places, kinds, buffers))
                .map(rows -> {
                    @Nullable AccountLink[] links = new @Nullable AccountLink[hashes.length];
                    for (Row row : rows) {
                        links[row.getInteger(0)] = new AccountLink(
                                new AccountKey(row.getInteger(1), row.getLong(2)),
                                row.getOffsetDateTime(3).toInstant());
                    }
                    return links;
                });
    }

    /**
     * The accounts whose a SIM was at a moment: of the links that ended after it the first, else the one of today, which reaches
     * back as far as there was none before it. In the order of the uses, null where there is none.
     */
    public Future<@Nullable AccountKey[]> at(SqlClient client, List<Use> uses) {
        Integer[] places = new Integer[uses.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        return client.preparedQuery("""
                        SELECT k.place, coalesce(p.tenant_id, l.tenant_id), coalesce(p.account_id, l.account_id)
                        FROM unnest($1::int[], $2::text[], $3::bytea[], $4::timestamptz[]) AS k (place, kind, hash, at)
                        LEFT JOIN LATERAL (
                          SELECT o.tenant_id, o.account_id FROM account_link_past o
                          WHERE o.kind = k.kind AND o.hash = k.hash AND o.until_at > k.at
                          ORDER BY o.until_at LIMIT 1) p ON true
                        LEFT JOIN account_link l ON l.kind = k.kind AND l.hash = k.hash
                        WHERE coalesce(p.account_id, l.account_id) IS NOT NULL
                        """)
                .execute(Tuple.of(
                        places,
                        uses.stream().map(Use::kind).toArray(String[]::new),
                        uses.stream().map(use -> Buffer.buffer(use.hash())).toArray(Buffer[]::new),
                        uses.stream()
                                .map(use -> use.at().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new)))
                .map(rows -> {
                    @Nullable AccountKey[] keys = new @Nullable AccountKey[uses.size()];
                    for (Row row : rows) {
                        keys[row.getInteger(0)] = new AccountKey(row.getInteger(1), row.getLong(2));
                    }
                    return keys;
                });
    }

    /** Forgets links that ended before a moment, at most so many; how many those were. */
    Future<Integer> forget(SqlConnection connection, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM account_link_past WHERE (kind, hash, until_at) IN (
                            SELECT kind, hash, until_at FROM account_link_past
                            WHERE until_at < $1 ORDER BY until_at LIMIT $2)
                        """)
                .execute(Tuple.of(TimeRows.write(before), limit))
                .map(rows -> rows.rowCount());
    }
}

package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountLink;
import dev.octroi.secret.IdentifierKind;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose account the records of a SIM find, by keyed hashes of its network identifiers, now and at a moment before: a SIM that was
 * replaced or moved leaves behind whose it was until then.
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

    /**
     * Lets the records of a network find the account. A SIM that was linked before is moved.
     *
     * @param connection a connection of the account's tenant, or of the worker role
     * @param imsiIndex {@code BlindIndex.network(IMSI, …)}
     * @param iccidIndex {@code BlindIndex.network(ICCID, …)}
     */
    public Future<Void> link(SqlConnection connection, AccountKey key, byte[] imsiIndex, byte[] iccidIndex) {
        return connection
                .preparedQuery("""
                        INSERT INTO account_link (kind, hash, vshard, tenant_id, account_id)
                        VALUES ('IMSI', $1, $3, $4, $5), ('ICCID', $2, $3, $4, $5)
                        ON CONFLICT (kind, hash) DO UPDATE
                        SET vshard = excluded.vshard, tenant_id = excluded.tenant_id,
                            account_id = excluded.account_id, linked_at = now()
                        """)
                .execute(Tuple.of(
                        Buffer.buffer(imsiIndex),
                        Buffer.buffer(iccidIndex),
                        key.vshard(),
                        key.tenantId(),
                        key.accountId()))
                .mapEmpty();
    }

    /** As the other {@code link}, for a profile whose IMSI is not known, because another server made it. */
    public Future<Void> link(SqlConnection connection, AccountKey key, byte[] iccidIndex) {
        return connection
                .preparedQuery("""
                        INSERT INTO account_link (kind, hash, vshard, tenant_id, account_id)
                        VALUES ('ICCID', $1, $2, $3, $4)
                        ON CONFLICT (kind, hash) DO UPDATE
                        SET vshard = excluded.vshard, tenant_id = excluded.tenant_id,
                            account_id = excluded.account_id, linked_at = now()
                        """)
                .execute(Tuple.of(Buffer.buffer(iccidIndex), key.vshard(), key.tenantId(), key.accountId()))
                .mapEmpty();
    }

    /**
     * Lets the records of a SIM that is lost find the account no more; what it still uses is quarantined. What it used until
     * now is the account's, whenever it is reported ({@link #at}).
     *
     * @param connection a connection of the worker role
     * @param imsiIndex {@code BlindIndex.network(IMSI, …)}
     * @param iccidIndex {@code BlindIndex.network(ICCID, …)}
     */
    public Future<Void> unlink(SqlConnection connection, AccountKey key, byte[] imsiIndex, byte[] iccidIndex) {
        return connection
                .preparedQuery("""
                        DELETE FROM account_link
                        WHERE ((kind = 'IMSI' AND hash = $1) OR (kind = 'ICCID' AND hash = $2))
                          AND tenant_id = $3 AND account_id = $4
                        """)
                .execute(Tuple.of(Buffer.buffer(imsiIndex), Buffer.buffer(iccidIndex), key.tenantId(), key.accountId()))
                .mapEmpty();
    }

    /** The account that an IMSI is linked to today. */
    public Future<Optional<AccountKey>> ofImsi(SqlClient client, byte[] imsiIndex) {
        return find(client, new String[] {IdentifierKind.IMSI.name()}, new byte[][] {imsiIndex})
                .map(links -> Optional.ofNullable(links[0]).map(AccountLink::account));
    }

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

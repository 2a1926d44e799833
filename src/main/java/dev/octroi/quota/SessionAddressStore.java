package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Sealed addresses of charging sessions. Gateways write them from memory with what else a session changes, so that whoever replaces
 * one has its account read again.
 */
public final class SessionAddressStore {
    /** So many are read at a time. */
    public static final int ROWS_AT_ONCE = 200;

    /** An address, base64 of what is sealed. */
    public record Address(AccountKey key, long number, String sealed) {}

    /** Before all others. */
    public static final Address NONE = new Address(new AccountKey(0, 0), 0, "");

    /** Addresses that are sealed under another key encryption key than one, behind one of them, in their order. */
    public Future<List<Address>> notUnder(SqlClient client, int kekId, Address after) {
        return client.preparedQuery("""
                        SELECT tenant_id, account_id, number, notify_to
                        FROM charging_session, decode(notify_to, 'base64') AS sealed
                        WHERE notify_to IS NOT NULL AND get_byte(sealed, 1) * 256 + get_byte(sealed, 2) <> $1
                          AND (vshard, tenant_id, account_id, number) > ($2, $3, $4, $5)
                        ORDER BY vshard, tenant_id, account_id, number LIMIT $6
                        """)
                .execute(Tuple.of(
                        kekId,
                        after.key().vshard(),
                        after.key().tenantId(),
                        after.key().accountId(),
                        after.number(),
                        ROWS_AT_ONCE))
                .map(rows -> {
                    List<Address> found = new ArrayList<>();
                    rows.forEach(row -> found.add(new Address(
                            new AccountKey(row.getInteger("tenant_id"), row.getLong("account_id")),
                            row.getLong("number"),
                            row.getString("notify_to"))));
                    return found;
                });
    }

    /**
     * Puts another one in its place; false where it is not the one that was found any more.
     *
     * @param connection a connection of the worker role, in a transaction
     */
    public Future<Boolean> replace(SqlConnection connection, Address found, String sealed) {
        AccountKey key = found.key();
        return AccountStore.outdate(connection, key)
                .compose(done -> connection
                        .preparedQuery("""
                                UPDATE charging_session SET notify_to = $6
                                WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND number = $4 AND notify_to = $5
                                """)
                        .execute(Tuple.of(
                                key.vshard(), key.tenantId(), key.accountId(), found.number(), found.sealed(), sealed)))
                .map(rows -> rows.rowCount() == 1);
    }
}

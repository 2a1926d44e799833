package dev.octroi.quota;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Opens accounts and tells the network's identifiers apart. */
public final class AccountStore {
    /**
     * Opens an account inside the caller's transaction, for instance the order's.
     *
     * @param connection a connection of the account's tenant
     */
    public Future<Void> open(SqlConnection connection, NewAccount account) {
        return Future.failedFuture(new UnsupportedOperationException("not yet"));
    }

    /**
     * Lets the records of a network find the account. A SIM linked before is moved.
     *
     * @param imsiIndex {@code BlindIndex.network(IMSI, …)}
     * @param iccidIndex {@code BlindIndex.network(ICCID, …)}
     */
    public Future<Void> link(SqlConnection connection, AccountKey key, byte[] imsiIndex, byte[] iccidIndex) {
        return Future.failedFuture(new UnsupportedOperationException("not yet"));
    }
}

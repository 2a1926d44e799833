package dev.octroi.subscription;

import dev.octroi.quota.account.AccountKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;

/** Ends what others keep of an account by the name of its SIM. */
@FunctionalInterface
public interface LostSim {
    /**
     * The SIM of an account is replaced.
     *
     * @param connection of the worker role, with the transaction open that replaces it and holds the account
     */
    Future<Void> end(SqlConnection connection, AccountKey key, Instant at);
}

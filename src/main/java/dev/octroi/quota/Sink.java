package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Effect;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/**
 * Where one kind of effect goes, inside the deciding transaction.
 *
 * @param <E> the kind
 */
@FunctionalInterface
public interface Sink<E extends Effect> {
    /** Writes rows on the transaction's connection; a failed future rolls everything back. */
    Future<Void> append(SqlConnection connection, List<Addressed<E>> effects);

    /**
     * An effect with its address.
     *
     * @param key whose
     * @param subscriptionId the account's subscription
     * @param effect what
     */
    record Addressed<E extends Effect>(AccountKey key, long subscriptionId, E effect) {}
}

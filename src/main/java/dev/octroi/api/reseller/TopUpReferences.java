package dev.octroi.api.reseller;

import dev.octroi.quota.AccountStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Bucket;
import dev.octroi.subscription.TopUpStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/**
 * What accounts and prices know a top-up by. They remember it for longer than answers are kept: a key that comes again is for its
 * subscription, which the reference names.
 */
final class TopUpReferences {
    private final AccountStore accounts = new AccountStore();
    private final TopUpStore topUps;

    TopUpReferences(TopUpStore topUps) {
        this.topUps = topUps;
    }

    /**
     * The reference of a request. A gateway of before named no subscription: what it had given when the request broke off, before
     * there was a price or an answer, is found under the key alone, and is not given again.
     *
     * @param subscription the public id in the request's path
     * @param key the reference of the request's {@code Idempotency-Key}
     */
    Future<String> of(SqlConnection connection, AccountKey account, String subscription, String key) {
        String reference = subscription + "-" + key;
        return accounts.wasGiven(connection, account, Bucket.Kind.TOP_UP, key)
                .compose(given -> given
                        ? topUps.isKnown(connection, account.tenantId(), key).map(known -> known ? reference : key)
                        : Future.succeededFuture(reference));
    }
}

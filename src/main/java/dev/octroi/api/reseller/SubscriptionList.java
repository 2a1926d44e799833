package dev.octroi.api.reseller;

import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.PeriodView;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Subscriptions as lists show them: with where their periods stand. */
final class SubscriptionList {
    private final AccountReader accounts;

    SubscriptionList(AccountReader accounts) {
        this.accounts = accounts;
    }

    /**
     * A row of a list.
     *
     * @param state where its period stands
     */
    record Listed(Subscription subscription, PeriodView.State state) {
        JsonObject json() {
            return SubscriptionJson.summary(subscription).put("status", AccountJson.state(state));
        }
    }

    /** The same subscriptions in the same order, all in one question; one without an account has never begun. */
    Future<List<Listed>> of(SqlConnection connection, int tenantId, List<Subscription> subscriptions) {
        List<Long> ids = subscriptions.stream().map(Subscription::accountId).toList();
        return accounts.periods(connection, tenantId, ids)
                .map(periods -> subscriptions.stream()
                        .map(each ->
                                new Listed(each, periods.getOrDefault(each.accountId(), PeriodView.State.NOT_STARTED)))
                        .toList());
    }
}

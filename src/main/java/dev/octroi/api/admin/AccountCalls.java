package dev.octroi.api.admin;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.api.reseller.Refusals;
import dev.octroi.db.Database;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;

/** Finds the account behind a subscription in the path, and reads it. */
final class AccountCalls {
    private final Database database;
    private final SubscriptionStore subscriptions;
    private final AccountReader reader;

    AccountCalls(Database database, SubscriptionStore subscriptions, AccountReader reader) {
        this.database = requireNonNull(database, "database is null");
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.reader = requireNonNull(reader, "reader is null");
    }

    /** Who acts, as the account's audit keeps it: with a token of its tenant a reseller, and what the operator holds stays held. */
    static Actor actor(ApiCall call) {
        Principal caller = AdminCalls.principal(call);
        Actor.Kind kind = caller.tenantId() == AdminCalls.OPERATOR ? Actor.Kind.ADMIN : Actor.Kind.RESELLER;
        return new Actor(kind, caller.subject(), caller.tokenId());
    }

    /** The account of the subscription in the path; 404 when the tenant in the path has no such subscription. */
    Future<AccountKey> key(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        return subscription(call).map(found -> new AccountKey(tenantId, found.accountId()));
    }

    /** The same, to change it; 409 where its traveller was forgotten. */
    Future<AccountKey> keyToChange(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        return subscription(call).map(Refusals::remembered).map(found -> new AccountKey(tenantId, found.accountId()));
    }

    /** The subscription in the path, under the same rule. */
    Future<Subscription> subscription(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        long id = PublicId.SUBSCRIPTION.parse(call.path("subscriptionId")).orElseThrow(AdminCalls::notFound);
        return database.inTenant(tenantId, connection -> subscriptions.find(connection, tenantId, id))
                .map(found -> found.orElseThrow(AdminCalls::notFound));
    }

    /** The account as it is now. */
    Future<AccountView> view(AccountKey key) {
        return reader.view(key.tenantId(), key.accountId()).map(found -> found.orElseThrow(AdminCalls::notFound));
    }
}

package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionProfile;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Finds the subscription of a path, and puts together what several operations answer with. */
final class SubscriptionReader {
    private static final String LINK_SCOPE = "subscriptions:write";

    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;
    private final ProfileSource profiles;
    private final AccountReader accounts;
    private final SelfCareLinks links;
    private final String publicUrl;

    SubscriptionReader(
            TenantCalls calls,
            SubscriptionStore subscriptions,
            ProfileSource profiles,
            AccountReader accounts,
            SelfCareLinks links,
            String publicUrl) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.profiles = profiles;
        this.accounts = accounts;
        this.links = links;
        this.publicUrl = publicUrl;
    }

    /** The subscription of the path; fails with 404. */
    Future<Subscription> find(ApiCall call) {
        return calls.run(call, (connection, caller) -> find(call, connection));
    }

    /** The same within a transaction. */
    Future<Subscription> find(ApiCall call, SqlConnection connection) {
        long id = PathIds.subscription(call);
        return subscriptions
                .find(connection, calls.caller(call).tenantId(), id)
                .map(found -> found.orElseThrow(Refusals::notFound));
    }

    /** The same, kept from changing until the transaction of the worker role ends. */
    Future<Subscription> hold(ApiCall call, SqlConnection connection) {
        long id = PathIds.subscription(call);
        return subscriptions
                .hold(connection, calls.caller(call).tenantId(), id)
                .map(found -> found.orElseThrow(Refusals::notFound));
    }

    /** The account of a subscription of the caller. */
    Future<AccountView> account(Caller caller, Subscription subscription) {
        return accounts.view(caller.tenantId(), subscription.accountId())
                .map(found -> found.orElseThrow(Refusals::notFound));
    }

    /** The same within a transaction. */
    Future<AccountView> account(SqlConnection connection, Caller caller, Subscription subscription) {
        return accounts.view(connection, new AccountKey(caller.tenantId(), subscription.accountId()))
                .map(found -> found.orElseThrow(Refusals::notFound));
    }

    /** The profile of a subscription of the caller. */
    Future<SubscriptionProfile> profile(SqlConnection connection, Caller caller, Subscription subscription) {
        return subscription.erasedAt() != null
                ? Future.succeededFuture(SubscriptionProfile.FORGOTTEN)
                : profiles.find(connection, caller.tenantId(), subscription.profileId())
                        .map(found -> found.orElseThrow(Refusals::notFound));
    }

    /** The whole subscription, with its account as a command has left it. */
    Future<Reply> reply(ApiCall call, SqlConnection connection, Subscription subscription, AccountView account) {
        Caller caller = calls.caller(call);
        return profile(connection, caller, subscription)
                .map(profile -> Reply.ok(SubscriptionJson.write(subscription, account, profile)));
    }

    /**
     * A new link to the traveller's page; empty for callers who may only read, because the link also lets its holder set
     * limits, and of a traveller who was forgotten.
     */
    Future<Optional<String>> link(SqlConnection connection, ApiCall call, Subscription subscription) {
        Principal principal = Principal.of(call.context());
        if (!principal.has(LINK_SCOPE) || subscription.erasedAt() != null) {
            return Future.succeededFuture(Optional.empty());
        }
        return links.issue(connection, principal.tenantId(), subscription.id())
                .map(token -> Optional.of(publicUrl + "/s/" + token.reveal()));
    }
}

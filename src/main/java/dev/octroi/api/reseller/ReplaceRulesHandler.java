package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Rule.Owner;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand.PutRules;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import java.util.List;

/** {@code PUT /subscriptions/{subscriptionId}/rules}: replaces the reseller's own rules. */
final class ReplaceRulesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Accounts accounts;

    ReplaceRulesHandler(TenantCalls calls, SubscriptionReader reader, Accounts accounts) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Caller caller = calls.caller(call);
        long version = ETags.requireVersion(call);
        List<Rule> rules = RuleJson.read(call.body(), Owner.RESELLER);
        return reader.find(call)
                .map(Refusals::remembered)
                .compose(subscription -> withinTargets(call, subscription, rules)
                        .compose(may -> replace(caller, subscription, rules, version)));
    }

    /** Looks at what changes; that it is what is replaced, the version says. */
    private Future<Void> withinTargets(ApiCall call, Subscription subscription, List<Rule> rules) {
        Principal principal = Principal.of(call.context());
        return principal.targets().isEmpty()
                ? Future.succeededFuture()
                : reader.account(calls.caller(call), subscription).map(account -> {
                    TargetLimits.require(
                            principal, account.rulesOf(Owner.RESELLER).rules(), rules);
                    return null;
                });
    }

    private Future<Reply> replace(Caller caller, Subscription subscription, List<Rule> rules, long version) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        return accounts.submit(key, new PutRules(Owner.RESELLER, rules, version, caller.actor()))
                .compose(outcome -> switch (outcome) {
                    case Outcome.Accepted accepted -> Future.succeededFuture(GetRulesHandler.reply(accepted.account()));
                    case Outcome.Duplicate same -> Future.succeededFuture(GetRulesHandler.reply(same.account()));
                    case Outcome.Refused refused -> refused(caller, subscription, refused);
                });
    }

    /** A stale change is answered with the tag that holds now. */
    private Future<Reply> refused(Caller caller, Subscription subscription, Outcome.Refused refused) {
        if (refused.code() != Refusal.STALE_VERSION) {
            return Future.failedFuture(Refusals.of(refused));
        }
        return reader.account(caller, subscription).map(account -> {
            throw ETags.stale(GetRulesHandler.version(account));
        });
    }
}

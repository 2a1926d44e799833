package dev.octroi.api.admin;

import dev.octroi.access.Principal;
import dev.octroi.api.reseller.Reasons;
import dev.octroi.api.reseller.Refusals;
import dev.octroi.api.reseller.RuleJson;
import dev.octroi.api.reseller.TargetLimits;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Rule.Owner;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import io.vertx.core.Future;
import java.util.List;

/**
 * {@code PUT /tenants/{tenantId}/subscriptions/{subscriptionId}/rules/{owner}}: replaces the operator's rules, or a
 * reseller's in its place. The operator's belong to the operator alone.
 */
final class ReplaceAdminRulesHandler implements OperationHandler {
    private final AccountCalls calls;
    private final Accounts accounts;

    ReplaceAdminRulesHandler(AccountCalls calls, Accounts accounts) {
        this.calls = calls;
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Owner owner = GetAdminRulesHandler.owner(call);
        if (owner == Owner.OPERATOR) {
            AdminCalls.requireOperator(call);
        }
        long version = ETags.requireVersion(call);
        List<Rule> rules = RuleJson.read(call.body(), owner);
        AccountCommand command =
                new AccountCommand.PutRules(owner, rules, version, AccountCalls.actor(call), Reasons.read(call.body()));
        return calls.keyToChange(call)
                .compose(key -> withinTargets(call, key, owner, rules)
                        .compose(may -> accounts.submit(key, command))
                        .compose(outcome -> answer(key, owner, outcome)));
    }

    /** Looks at what changes; that it is what is replaced, the version says. */
    private Future<Void> withinTargets(ApiCall call, AccountKey key, Owner owner, List<Rule> rules) {
        Principal caller = AdminCalls.principal(call);
        return caller.targets().isEmpty()
                ? Future.succeededFuture()
                : calls.view(key).map(account -> {
                    TargetLimits.require(caller, account.rulesOf(owner).rules(), rules);
                    return null;
                });
    }

    /** A stale change is answered with the tag that holds now. */
    private Future<Reply> answer(AccountKey key, Owner owner, Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused && refused.code() == Refusal.STALE_VERSION) {
            return calls.view(key).map(account -> {
                throw ETags.stale(account.rulesOf(owner).version());
            });
        }
        return Future.succeededFuture(GetAdminRulesHandler.reply(Refusals.account(outcome), owner));
    }
}

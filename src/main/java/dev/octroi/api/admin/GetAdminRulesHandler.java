package dev.octroi.api.admin;

import dev.octroi.api.reseller.RuleJson;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule.Owner;
import dev.octroi.quota.account.AccountView;
import io.vertx.core.Future;
import java.util.Locale;

/** {@code GET /tenants/{tenantId}/subscriptions/{subscriptionId}/rules/{owner}}. */
final class GetAdminRulesHandler implements OperationHandler {
    private final AccountCalls accounts;

    GetAdminRulesHandler(AccountCalls accounts) {
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Owner owner = owner(call);
        // Without 304: the tag is that of one owner's rules, and those of the others are shown, too.
        return accounts.key(call).compose(accounts::view).map(account -> reply(account, owner));
    }

    /** Whose rules the path names; the contract lets only operator and reseller through. */
    static Owner owner(ApiCall call) {
        return Owner.valueOf(call.path("owner").toUpperCase(Locale.ROOT));
    }

    /** All rules, with the tag of one owner's. */
    static Reply reply(AccountView account, Owner owner) {
        return Reply.ok(RuleJson.write(account.rules(), owner))
                .withHeader("ETag", ETags.of(account.rulesOf(owner).version()));
    }
}

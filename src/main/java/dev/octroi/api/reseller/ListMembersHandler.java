package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.MemberView;
import dev.octroi.quota.account.MembersView;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** {@code GET /subscriptions/{subscriptionId}/members}: who spends the same volume, and how much each has used of it. */
final class ListMembersHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final AccountReader accounts;

    ListMembersHandler(TenantCalls calls, SubscriptionReader reader, AccountReader accounts) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return reader.find(call)
                .compose(subscription -> accounts.members(calls.caller(call).tenantId(), subscription.accountId()))
                .map(found -> Reply.ok(json(found.orElseThrow(Refusals::notFound))));
    }

    private static JsonObject json(MembersView view) {
        JsonArray members = new JsonArray();
        view.members().forEach(member -> members.add(json(member)));
        return new JsonObject()
                .put("maxMembers", view.maxMembers())
                .put("members", members)
                .put("formerBytes", view.formerBytes());
    }

    private static JsonObject json(MemberView member) {
        JsonObject json = new JsonObject()
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(member.subscriptionId()))
                .put("role", member.isOwner() ? "owner" : "member")
                .put("usedBytes", member.usedBytes())
                .put("beyondBytes", member.beyondBytes())
                .put("todayBytes", member.todayBytes())
                .put("policy", AccountJson.policy(member.policy()));
        if (member.cap() != null) {
            json.put("cap", SharingJson.write(member.cap()).put("usedBytes", member.cappedBytes()));
        }
        Times.put(json, "joinedAt", member.joinedAt());
        return json;
    }
}

package dev.octroi.api.reseller;

import dev.octroi.callback.webhook.WebhookRecovery;
import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code POST /webhooks/{webhookId}/enable}. */
final class WebhookEnableHandler implements OperationHandler {
    private final TenantCalls calls;
    private final Webhooks webhooks;
    private final String publicKey;

    WebhookEnableHandler(TenantCalls calls, Webhooks webhooks, String publicKey) {
        this.calls = calls;
        this.webhooks = webhooks;
        this.publicKey = publicKey;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.webhook(call);
        Optional<Instant> since = Optional.ofNullable(call.body().getString("since"))
                .map(text -> Times.parse(text)
                        .filter(webhooks::mayRecoverSince)
                        .orElseThrow(() -> Refusals.unprocessable(
                                "since_out_of_range",
                                "since is a moment of the last " + Webhooks.MAX_RECOVERY.toDays() + " days")));
        return calls.once(
                        call,
                        (connection, caller) -> webhooks.enable(connection, caller.tenantId(), id, since)
                                .compose(enabled ->
                                        reply(connection, caller, enabled.orElseThrow(Refusals::notFound), since)))
                .onSuccess(reply -> webhooks.nudge());
    }

    private Future<Reply> reply(
            SqlConnection connection, Caller caller, WebhookRecovery enabled, Optional<Instant> since) {
        Map<String, Object> after = new LinkedHashMap<>();
        since.ifPresent(at -> after.put("since", Times.text(at)));
        after.put("queued", enabled.queued());
        return calls.audit(
                        connection,
                        caller,
                        "webhook.enabled",
                        PublicId.WEBHOOK.format(enabled.webhook().id()),
                        after)
                .map(Reply.ok(new JsonObject()
                        .put("webhook", WebhookJson.write(enabled.webhook(), publicKey))
                        .put("queued", enabled.queued())
                        .put("more", enabled.more())));
    }
}

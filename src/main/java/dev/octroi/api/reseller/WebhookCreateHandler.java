package dev.octroi.api.reseller;

import dev.octroi.callback.webhook.Webhook;
import dev.octroi.callback.webhook.WebhookRegistration;
import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /webhooks}. The endpoint is challenged before any transaction is open; the secret is put into the fresh
 * answer only, so the answer that is kept for a repeated request does not hold it.
 */
final class WebhookCreateHandler implements OperationHandler {
    private final TenantCalls calls;
    private final Webhooks webhooks;
    private final String publicKey;

    WebhookCreateHandler(TenantCalls calls, Webhooks webhooks, String publicKey) {
        this.calls = calls;
        this.webhooks = webhooks;
        this.publicKey = publicKey;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        // Before the endpoint is called: without a key nothing is registered.
        TenantCalls.key(call, calls.caller(call));
        JsonObject body = call.body();
        List<String> types = body.getJsonArray("events", new JsonArray()).stream()
                .map(String::valueOf)
                .toList();
        return webhooks.prepare(
                        calls.caller(call).tenantId(),
                        body.getString("url"),
                        types,
                        body.getString("description", ""),
                        Webhook.Signature.of(body.getString("signature", "v1")))
                .compose(registration -> store(call, registration));
    }

    private Future<Reply> store(ApiCall call, WebhookRegistration registration) {
        return calls.once(call, (connection, caller) -> switch (registration) {
                    case WebhookRegistration.Accepted accepted ->
                        webhooks.store(connection, caller.tenantId(), accepted).compose(stored -> {
                            if (!stored) {
                                throw tooMany(Webhooks.MAX_ENDPOINTS);
                            }
                            return created(connection, caller, accepted.webhook());
                        });
                    case WebhookRegistration.AddressRefused refused ->
                        throw Refusals.unprocessable("address_refused", refused.detail());
                    case WebhookRegistration.ChallengeFailed failed ->
                        throw Refusals.unprocessable("challenge_failed", failed.detail());
                    case WebhookRegistration.UnknownType unknown ->
                        throw Refusals.unprocessable("unknown_event_type", unknown.detail());
                    case WebhookRegistration.TooMany many -> throw tooMany(many.limit());
                    case WebhookRegistration.TooOften often ->
                        throw Problem.of(ProblemType.TOO_MANY_REQUESTS, "Too many registrations are tried, or failed")
                                .withCode("too_many_registrations")
                                .toException()
                                .withHeader("Retry-After", "60");
                })
                .map(reply -> withSecret(reply, registration));
    }

    private static ProblemException tooMany(int most) {
        return Refusals.unprocessable("too_many_webhooks", "There may be " + most + " endpoints at most");
    }

    /** The audit names the host alone: a path may hold what lets in. */
    private Future<Reply> created(SqlConnection connection, Caller caller, Webhook webhook) {
        String id = PublicId.WEBHOOK.format(webhook.id());
        Map<String, Object> after = Map.of("host", URI.create(webhook.url()).getHost(), "events", webhook.eventTypes());
        return calls.audit(connection, caller, "webhook.created", id, after)
                .map(Reply.created("/v1/webhooks/" + id, WebhookJson.write(webhook, publicKey)));
    }

    private static Reply withSecret(Reply reply, WebhookRegistration registration) {
        Buffer body = reply.body();
        boolean fresh = reply.status() == 201 && !reply.headers().containsKey("Idempotency-Replayed");
        if (!fresh || body == null || !(registration instanceof WebhookRegistration.Accepted accepted)) {
            return reply;
        }
        if (accepted.webhook().signature() != Webhook.Signature.V1) {
            return reply;
        }
        JsonObject shown = new JsonObject(body).put("secret", accepted.secret().text());
        return new Reply(reply.status(), reply.headers(), reply.mediaType(), shown.toBuffer());
    }
}

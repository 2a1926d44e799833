package dev.octroi.api.reseller;

import dev.octroi.callback.message.WebhookSecret;
import dev.octroi.callback.webhook.SecretRotation;
import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /webhooks/{webhookId}/rotate-secret}. As at registration the secret is in the fresh answer only, never in the
 * one that is kept for a repeated request.
 */
final class WebhookRotateHandler implements OperationHandler {
    private static final int DEFAULT_OVERLAP_SECONDS = 86_400;

    private final TenantCalls calls;
    private final Webhooks webhooks;
    private final String publicKey;

    WebhookRotateHandler(TenantCalls calls, Webhooks webhooks, String publicKey) {
        this.calls = calls;
        this.webhooks = webhooks;
        this.publicKey = publicKey;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.webhook(call);
        Duration overlap = Duration.ofSeconds(call.body().getInteger("overlapSeconds", DEFAULT_OVERLAP_SECONDS));
        AtomicReference<WebhookSecret> fresh = new AtomicReference<>();
        return calls.once(
                        call,
                        (connection, caller) -> webhooks.rotate(connection, caller.tenantId(), id, overlap)
                                .compose(rotation -> reply(connection, caller, rotation, overlap, fresh)))
                .map(reply -> withSecret(reply, fresh.get()));
    }

    private Future<Reply> reply(
            SqlConnection connection,
            Caller caller,
            SecretRotation rotation,
            Duration overlap,
            AtomicReference<WebhookSecret> fresh) {
        return switch (rotation) {
            case SecretRotation.Rotated rotated -> {
                fresh.set(rotated.secret());
                yield calls.audit(
                                connection,
                                caller,
                                "webhook.secret_rotated",
                                PublicId.WEBHOOK.format(rotated.webhook().id()),
                                Map.of("overlapSeconds", overlap.toSeconds()))
                        .map(Reply.ok(WebhookJson.write(rotated.webhook(), publicKey)));
            }
            case SecretRotation.Unknown unknown -> throw Refusals.notFound();
            case SecretRotation.NoSecret none ->
                throw Refusals.unprocessable("no_secret", "The endpoint has no secret: its messages are signed v1a");
            case SecretRotation.UnderWay underWay ->
                throw Problem.of(
                                ProblemType.CONFLICT,
                                "Two secrets sign already, until " + underWay.until()
                                        + "; with overlapSeconds 0 the new one takes over at once")
                        .withCode("rotation_under_way")
                        .toException();
        };
    }

    private static Reply withSecret(Reply reply, @Nullable WebhookSecret secret) {
        if (secret == null || reply.body() == null) {
            return reply;
        }
        JsonObject shown = new JsonObject(reply.body()).put("secret", secret.text());
        return new Reply(reply.status(), reply.headers(), reply.mediaType(), shown.toBuffer());
    }
}

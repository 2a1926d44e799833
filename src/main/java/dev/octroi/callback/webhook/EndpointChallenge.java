package dev.octroi.callback.webhook;

import dev.octroi.callback.call.CallbackAddress;
import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.Message;
import dev.octroi.callback.message.MessageRenderer;
import dev.octroi.callback.message.WebhookSecret;
import dev.octroi.db.PublicId;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/** Finds out whether somebody at an address expects to be called: it has to give back a text that nobody can guess. */
final class EndpointChallenge {
    private static final String TYPE = "webhook.challenge";
    private static final int BYTES = 24;
    private static final long TIMEOUT_MS = 5_000;

    private final CallbackClient client;
    private final MessageRenderer renderer;
    private final SecureRandom random;
    private final InstantSource clock;

    EndpointChallenge(CallbackClient client, MessageRenderer renderer, SecureRandom random, InstantSource clock) {
        this.client = client;
        this.renderer = renderer;
        this.random = random;
        this.clock = clock;
    }

    /** Whether an endpoint gives back what it was sent; never fails. */
    Future<Boolean> isEchoed(CallbackAddress.Checked checked, WebhookSecret secret, Webhook webhook) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant();
        JsonObject body = new JsonObject()
                .put("type", TYPE)
                .put("timestamp", now.toString())
                .put("data", new JsonObject().put("challenge", challenge));
        List<WebhookSecret> secrets = webhook.signature() == Webhook.Signature.V1 ? List.of(secret) : List.of();
        Message message = renderer.signed("challenge_" + PublicId.WEBHOOK.format(webhook.id()), body, secrets, now);
        return client.post(checked.url(), checked.address(), message, TIMEOUT_MS)
                .map(answer ->
                        answer.status() / 100 == 2 && echoes(answer.body().toString(), challenge))
                .otherwise(false);
    }

    private static boolean echoes(String body, String challenge) {
        if (body.strip().equals(challenge)) {
            return true;
        }
        try {
            return new JsonObject(body).getMap().get("challenge") instanceof String text && text.equals(challenge);
        } catch (DecodeException e) {
            return false;
        }
    }
}

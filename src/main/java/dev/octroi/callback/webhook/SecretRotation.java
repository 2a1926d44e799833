package dev.octroi.callback.webhook;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.message.WebhookSecret;
import java.time.Instant;

/** What became of a wish to replace the secret of a webhook endpoint. */
public sealed interface SecretRotation {
    /**
     * Messages are signed with the new secret from the commit on, and with the one before as well until the endpoint's
     * {@link Webhook#previousSecretUntil}.
     *
     * @param secret to be shown to its owner once
     */
    record Rotated(Webhook webhook, WebhookSecret secret) implements SecretRotation {
        public Rotated {
            requireNonNull(webhook, "webhook is null");
            requireNonNull(secret, "secret is null");
        }
    }

    /** There is no such endpoint. */
    record Unknown() implements SecretRotation {}

    /** The endpoint's messages are signed with the installation's key only. */
    record NoSecret() implements SecretRotation {}

    /** Two secrets sign already, until then; a third would put the oldest out of use unseen. */
    record UnderWay(Instant until) implements SecretRotation {
        public UnderWay {
            requireNonNull(until, "until is null");
        }
    }
}

package dev.octroi.callback.webhook;

import dev.octroi.callback.message.WebhookSecret;

/** What became of a wish to register a webhook endpoint. */
public sealed interface WebhookRegistration {
    /**
     * The address passed; it is registered once it is stored.
     *
     * @param secret to be shown to its owner once
     */
    record Accepted(Webhook webhook, WebhookSecret secret) implements WebhookRegistration {}

    /** The address may not be called; {@code detail} is fit for the owner. */
    record AddressRefused(String detail) implements WebhookRegistration {}

    /** The address did not echo the challenge; {@code detail} is fit for the owner. */
    record ChallengeFailed(String detail) implements WebhookRegistration {}

    /** There are no such events; {@code detail} says which there are. */
    record UnknownType(String detail) implements WebhookRegistration {}

    /** The tenant tries as many at once as it may, or failed too often within a minute. */
    record TooOften() implements WebhookRegistration {}

    /** The tenant has as many endpoints as it may have. */
    record TooMany(int limit) implements WebhookRegistration {}
}

package dev.octroi.callback.webhook;

import static java.util.Objects.requireNonNull;

/**
 * An endpoint that was enabled again.
 *
 * @param queued events that it had missed and that are on their way now, 0 to {@link Webhooks#MAX_RECOVERED}
 * @param more whether it has missed more than these; asking again takes the next
 */
public record WebhookRecovery(Webhook webhook, int queued, boolean more) {
    public WebhookRecovery {
        requireNonNull(webhook, "webhook is null");
    }
}

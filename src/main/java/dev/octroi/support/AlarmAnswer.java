package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A person's answer to an alarm.
 *
 * @param incident its number within the subscription
 * @param meant true: the use was meant; false: it was a drain
 * @param answeredBy who said so
 */
public record AlarmAnswer(
        int tenantId, long subscriptionId, int incident, boolean meant, String answeredBy, Instant at) {
    public AlarmAnswer {
        requireNonNull(answeredBy, "answeredBy is null");
        requireNonNull(at, "at is null");
    }
}

package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A question about usage that people settle.
 *
 * @param alarmId the alarm that opened it; empty when a person did
 * @param incident that alarm's number on its account, from 1
 * @param kind the alarm's kind, such as {@code night}, or {@code question}
 * @param state {@code open}, then {@code resolving} while the settlement is carried out, then {@code "resolved"}
 * @param summary what the traveller or the agent said; may be empty
 * @param openedBy the detector, or who opened it
 * @param resolution {@code credited}, {@code lifted}, {@code credited_and_lifted} or {@code explained}
 * @param creditBytes volume given back, 0 or more
 * @param lift whether the suspension was lifted with it
 * @param meant what the one who settled it said of the use; null: nothing
 * @param reason the words that go with the resolution
 */
public record SupportCase(
        int tenantId,
        long id,
        long subscriptionId,
        OptionalLong alarmId,
        OptionalInt incident,
        String kind,
        String state,
        String summary,
        String openedBy,
        Instant openedAt,
        @Nullable String resolution,
        long creditBytes,
        boolean lift,
        @Nullable Boolean meant,
        @Nullable String reason,
        @Nullable String resolvedBy,
        @Nullable Instant resolvedAt) {
    public SupportCase {
        requireNonNull(kind, "kind is null");
        requireNonNull(state, "state is null");
        requireNonNull(openedAt, "openedAt is null");
    }
}

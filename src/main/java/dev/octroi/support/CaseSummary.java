package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A case as the reseller sees it: what it is about and how it stands, without the evidence.
 *
 * @param id the case
 * @param subscriptionId whose it is
 * @param state where it stands: open, being settled, or settled (the words of the table)
 * @param kind the kind of the alarm that opened it, {@code question} when a person did
 * @param summary what was asked, or what the alarm says in the traveller's language; may be empty
 * @param resolution how it was settled, null while it is not
 * @param reason the words that go with it, null while it is not settled
 * @param creditBytes the volume given back
 * @param savedBytes about how much holding the alarm's use back has saved
 * @param openedAt when
 * @param resolvedAt when it was settled
 */
public record CaseSummary(
        long id,
        long subscriptionId,
        String state,
        String kind,
        String summary,
        @Nullable String resolution,
        @Nullable String reason,
        long creditBytes,
        long savedBytes,
        Instant openedAt,
        @Nullable Instant resolvedAt) {
    public CaseSummary {
        requireNonNull(state, "state is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(summary, "summary is null");
        requireNonNull(openedAt, "openedAt is null");
    }
}

package dev.octroi.quota.account;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who reported or asked within a charging session since the traveller agreed to be charged: what they report next was used after the
 * consent.
 *
 * @param agreedAt the consent, to the microsecond; null: there is none, or nothing was heard since
 * @param all whether the session began after it, so that all that is used in it was
 * @param holders who was heard, at most {@value #MOST}; of those beyond nothing is known
 */
public record HeardSince(@Nullable Instant agreedAt, boolean all, Set<GrantHolder> holders) {
    /** Nobody was heard. */
    public static final HeardSince NOTHING = new HeardSince(null, false, Set.of());

    /** As many as one message may name. */
    private static final int MOST = 256;

    public HeardSince {
        agreedAt = agreedAt == null ? null : agreedAt.truncatedTo(ChronoUnit.MICROS);
        holders = Set.copyOf(holders);
    }

    /** Whether all that some report now was used after a consent. */
    public boolean covers(Instant consent, Collection<GrantHolder> reporting) {
        return consent.truncatedTo(ChronoUnit.MICROS).equals(agreedAt)
                && (all
                        || reporting.stream()
                                .allMatch(each -> holders.contains(each) || holders.contains(each.whole())));
    }

    /**
     * After a message.
     *
     * @param consent the consent as it is now; null: none
     * @param opens whether the message opened the session
     * @param speaking who reports or asks in it
     */
    public HeardSince after(@Nullable Instant consent, boolean opens, Collection<GrantHolder> speaking) {
        if (consent == null) {
            return NOTHING;
        }
        boolean isKnown = Objects.equals(agreedAt, consent.truncatedTo(ChronoUnit.MICROS));
        if (opens) {
            return new HeardSince(consent, true, Set.of());
        }
        if (isKnown && (all || holders.containsAll(speaking))) {
            return this;
        }
        Set<GrantHolder> heard = new HashSet<>(isKnown ? holders : Set.of());
        for (GrantHolder each : speaking) {
            if (heard.size() < MOST) {
                heard.add(each);
            }
        }
        return new HeardSince(consent, false, heard);
    }
}

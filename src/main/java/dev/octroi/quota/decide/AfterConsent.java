package dev.octroi.quota.decide;

import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.RemainingReports;
import dev.octroi.quota.account.SessionMark;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says of a record's bytes whether all of them were used after the traveller agreed to be charged: nothing else is. See
 * docs/adr/0078-charged-is-what-began-after-the-consent.md.
 */
public final class AfterConsent {
    /** Name of the mark of a whole feed; those of sessions are not empty. */
    private static final String FEED = "";

    private AfterConsent() {}

    /**
     * Whether a record's bytes were used after the consent, as far as that is known.
     *
     * @param since since when they were used, {@link Instant#MIN} where they may be of any time; null: the feed does not say
     */
    static boolean isUsed(Draft draft, UsageRecord record, @Nullable Instant since) {
        Instant agreedAt = draft.charges.agreedAt();
        if (agreedAt == null || record.eventEnd().isBefore(agreedAt)) {
            return false;
        }
        return since == null ? isOfTold(draft, record, agreedAt) : !since.isBefore(agreedAt);
    }

    /**
     * Of a feed that says no beginnings the record that comes first after the consent may have begun before it, and so may what
     * ended earlier than that one. It is remembered; what ended later began later.
     */
    private static boolean isOfTold(Draft draft, UsageRecord record, Instant agreedAt) {
        String key = UsageWatch.sessionKey(record, FEED);
        SessionMark first = draft.sessions.get(key);
        if (first != null && !first.lastEventAt().isBefore(agreedAt)) {
            return record.eventEnd().isAfter(first.lastEventAt());
        }
        SessionMark mark = new SessionMark(0, 0, record.eventEnd(), RemainingReports.NONE, Instant.MIN);
        draft.sessions.put(key, mark);
        draft.effects.add(new Effect.SessionMoved(key, mark));
        return false;
    }

    /** The name of the mark that has to be known to count a record; null: none of its feed, as nearly always. */
    public static @Nullable String feedMark(AccountState state, UsageRecord record) {
        if (state.terms().overage() == null
                || (state.charges().agreedAt() == null && !(state.share() instanceof Share.Member))
                || record.meaning().isBalance()
                || record.eventStart().isBefore(record.eventEnd())) {
            return null;
        }
        String session = record.session();
        boolean isKnown = session != null && state.sessions().containsKey(UsageWatch.sessionKey(record, session));
        return isKnown ? null : UsageWatch.sessionKey(record, FEED);
    }
}

package dev.octroi.quota.account;

import dev.octroi.policy.Policy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One of the subscriptions that spend one volume.
 *
 * @param subscriptionId which
 * @param isOwner whether the volume is its own
 * @param usedBytes what it took of the volume, all windows together
 * @param beyondBytes what it used beyond it
 * @param todayBytes what it used today, in its own day zone
 * @param cap what it may use at most; null: what is left
 * @param cappedBytes what it has used of that in the window at hand; 0 without a cap
 * @param policy what holds for it
 * @param joinedAt since when it draws; null for the owner, and until it has been taken note of
 */
public record MemberView(
        long subscriptionId,
        boolean isOwner,
        long usedBytes,
        long beyondBytes,
        long todayBytes,
        @Nullable MemberCap cap,
        long cappedBytes,
        Policy policy,
        @Nullable Instant joinedAt) {

    /** What an account that shares shows of itself to the others. */
    public static MemberView of(AccountState state, Instant now) {
        Share.Member member = state.share() instanceof Share.Member found ? found : null;
        return new MemberView(
                state.subscriptionId(),
                member == null,
                state.usedBytes(),
                state.beyondVolumeBytes(),
                state.day().at(Windows.dayStart(now, state.dayZone())).bytes(),
                member == null ? null : member.cap(),
                member == null ? 0 : member.cappedBytes(state, now),
                state.policy(),
                member == null ? null : member.joinedAt());
    }
}

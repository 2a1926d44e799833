package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That several subscriptions spend one volume, as one of them sees it.
 *
 * @param ownerSubscriptionId whose volume it is
 * @param isOwner whether that is the subscription itself
 * @param members how many subscriptions spend it, the owner's among them
 * @param cap what the subscription itself may use at most; null: what is left
 * @param cappedBytes what it has used of that in the window at hand; 0 without a cap
 * @param joinedAt since when it draws from it; null for the owner, and until it has been taken note of
 * @param leftAt when it left; null while it draws
 */
public record SharedView(
        long ownerSubscriptionId,
        boolean isOwner,
        int members,
        @Nullable MemberCap cap,
        long cappedBytes,
        @Nullable Instant joinedAt,
        @Nullable Instant leftAt) {

    /** What its cap leaves the subscription in the window at hand; {@link Long#MAX_VALUE} without one. */
    public long capLeftBytes() {
        return cap == null ? Long.MAX_VALUE : Math.max(0, cap.bytes() - cappedBytes);
    }

    /**
     * How an account shares a volume; null for one that shares with nobody.
     *
     * @param volume the account whose volume it is, itself or another
     */
    public static @Nullable SharedView of(AccountState state, AccountState volume, Instant now) {
        int members =
                volume.share() instanceof Share.Owner owner ? owner.members().size() + 1 : 1;
        return switch (state.share()) {
            case Share.Alone alone -> null;
            case Share.Owner owner -> new SharedView(state.subscriptionId(), true, members, null, 0, null, null);
            case Share.Member member ->
                new SharedView(
                        volume.subscriptionId(),
                        false,
                        members,
                        member.cap(),
                        member.cappedBytes(state, now),
                        member.joinedAt(),
                        member.leftAt());
        };
    }
}

package dev.octroi.policy;

import java.util.Set;

/**
 * Why data is suspended although nobody suspended it: there is nothing left. A top-up may change that at any moment, so that
 * charging sessions wait for it ({@code QUOTA_LIMIT_REACHED}, 3GPP TS 32.291) where any other suspension ends them.
 */
public final class UsedUp {
    /** The plan's volume. */
    public static final String QUOTA = "plan.quota_used";
    /** The plan's period. */
    public static final String PERIOD = "plan.ended";
    /** What a member may take of a shared volume. */
    public static final String MEMBER_CAP = "member.cap_reached";
    /** What the traveller agreed to be charged (Regulation (EU) 2022/612 art. 14). */
    public static final String CHARGES = "bill_shock.limit_reached";

    private static final Set<String> ALL = Set.of(QUOTA, PERIOD, MEMBER_CAP, CHARGES);

    private UsedUp() {}

    /** @param reasonCode a policy's ({@link Policy#reasonCode}) */
    public static boolean isReason(String reasonCode) {
        return ALL.contains(reasonCode);
    }
}

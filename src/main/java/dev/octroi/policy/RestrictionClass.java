package dev.octroi.policy;

import java.util.Locale;

/**
 * Why a restriction exists, most important first. When several restrictions cause the effect in force, the first class
 * is the reason that is shown.
 */
public enum RestrictionClass {
    /** Law, fraud, a lost or stolen device. */
    LEGAL,
    /** The operator's or reseller's office: unpaid, closed. */
    ADMINISTRATIVE,
    /** Data that drains away without the traveller's will. */
    DRAIN,
    /** What the traveller asked for: a limit, a pause. */
    USER_CAP,
    /** The limit that consumer law sets where the traveller chose none. */
    BILL_SHOCK,
    /** A limit of the place the device is in. */
    ZONE,
    /** The plan's volume is used up, or the plan has not begun or has ended. */
    PLAN_QUOTA,
    /** Fair-use tiers of reseller and operator. */
    FAIR_USE,
    /** Hours of the day. */
    TIME_WINDOW;

    /** Whether volume bought or granted afterwards may end restrictions of this class. */
    public boolean boostable() {
        return compareTo(PLAN_QUOTA) >= 0;
    }

    /** The stable word of APIs, for example {@code user_cap}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

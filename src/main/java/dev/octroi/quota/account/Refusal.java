package dev.octroi.quota.account;

import java.util.Locale;

/** Why a command was refused. */
public enum Refusal {
    /** There is no such account, or it belongs to another tenant. */
    UNKNOWN_ACCOUNT,
    /** The rules were changed since they were read (412). */
    STALE_VERSION,
    /** The rules contradict each other or the owner's rights (422). */
    INVALID_RULES,
    /** The plan has ended. */
    PLAN_ENDED,
    /** Nothing to lift or to resume. */
    NOTHING_HELD,
    /** The restriction can only be lifted by another way or another party. */
    NOT_ALLOWED,
    /** A sum would leave the range of a balance. */
    OVERFLOW,
    /** There is no such charging session, it was released, or it is another partner's. */
    UNKNOWN_SESSION,
    /** As many charging sessions hold volume as an account may have. */
    TOO_MANY_SESSIONS,
    /** Another message of the charging session had the number of this one. */
    NUMBER_REUSED,
    /** The account draws from no shared one, or does so no more. */
    NOT_A_MEMBER,
    /** The plan is for one subscription (422). */
    NOT_SHARED,
    /** The account whose volume was asked for draws from another one itself, or there is none (422). */
    NOT_THE_OWNER,
    /** As many subscriptions draw from the volume as the plan allows (422). */
    SHARED_FULL,
    /** Only subscriptions of one plan share a volume (422). */
    PLAN_MISMATCH,
    /** The account has a volume of its own that is not used up, or that comes anew. */
    VOLUME_LEFT,
    /** The account was charged for use beyond its own volume, or agreed to be. */
    HAS_CHARGES,
    /** The plan has no tariff of its own for a zone that was named (422). */
    UNKNOWN_ZONE,
    /** The lane is full; try again (503 with Retry-After). */
    BUSY;

    /** The stable word of APIs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

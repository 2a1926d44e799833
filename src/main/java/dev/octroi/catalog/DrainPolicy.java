package dev.octroi.catalog;

/** What a drain alarm does by itself. */
public enum DrainPolicy {
    /** Tells the traveller and opens a case. */
    NOTIFY,
    /** As {@link #NOTIFY}, and slows to {@link PlanTerms#DRAIN_SPEED} until someone lifts it. */
    THROTTLE,
    /** As {@link #NOTIFY}, and suspends data until someone lifts it. */
    SUSPEND
}

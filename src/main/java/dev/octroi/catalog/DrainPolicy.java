package dev.octroi.catalog;

/** The strongest thing a drain alarm does by itself, in rising strength. {@link DrainTerms} says from when. */
public enum DrainPolicy {
    /** Tells the traveller and opens a case. */
    NOTIFY,
    /** As {@link #NOTIFY}, and asks the traveller whether the use was meant. */
    ASK,
    /** As {@link #ASK}, and slows to {@link PlanTerms#DRAIN_SPEED}. */
    THROTTLE,
    /** As {@link #ASK}, and blocks background traffic, naming the category that drains. */
    SUSPEND_CATEGORY,
    /** As {@link #ASK}, and suspends data. */
    SUSPEND
}

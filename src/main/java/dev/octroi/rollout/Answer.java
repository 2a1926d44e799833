package dev.octroi.rollout;

/** What became of something that a person wanted of a change. */
public sealed interface Answer {
    /** It is so. */
    record Done(PolicyChange change) implements Answer {}

    /** There is no such change. */
    record Unknown() implements Answer {}

    /** It went on since it was read. */
    record Stale(long version) implements Answer {}

    /** Not in this state. */
    record WrongState(ChangeState state) implements Answer {}

    /** Who proposed may not approve, nor may a client that was made after the proposal. */
    record NotSomebodyElse() implements Answer {}

    /** The operator proposed it, and a tenant neither decides nor undoes that. */
    record OperatorsOnly() implements Answer {}

    /** No subscription meets the target. */
    record NobodyMeant() implements Answer {}

    /** Some of the subscriptions that are named do not exist, have ended or do not meet the rest of the target. */
    record SomeUnknown() implements Answer {}

    /** More subscriptions than a change may have. */
    record TooMany() implements Answer {}

    /** As many changes of the tenant are open as there may be. */
    record TooManyOpen() implements Answer {}
}

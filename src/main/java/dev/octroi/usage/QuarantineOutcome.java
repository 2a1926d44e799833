package dev.octroi.usage;

import dev.octroi.quota.account.Outcome;

/** What became of a wish to release or drop a quarantined record. */
public sealed interface QuarantineOutcome {
    /** The record is as wished, now or since before. */
    record Resolved(QuarantinedRecord record) implements QuarantineOutcome {}

    /** It was dropped, or released, before. */
    record ResolvedOtherwise(QuarantinedRecord record) implements QuarantineOutcome {}

    /** There is no such record, or it is another tenant's. */
    record Unknown() implements QuarantineOutcome {}

    /** Still no account is linked to its subscriber. */
    record SubscriberUnknown() implements QuarantineOutcome {}

    /** Its subscriber is another tenant's than the one that its feed was bound to: it can only be dropped. */
    record NotCovered() implements QuarantineOutcome {}

    /** It ends in the future still: it waits until then, or is dropped. */
    record InFuture() implements QuarantineOutcome {}

    /** It can never be counted, only dropped. */
    record Unreadable() implements QuarantineOutcome {}

    /** The account did not take it. */
    record Refused(Outcome.Refused refusal) implements QuarantineOutcome {}
}

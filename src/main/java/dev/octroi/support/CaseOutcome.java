package dev.octroi.support;

import dev.octroi.quota.account.Outcome;

/** What became of a wish to settle a case. */
public sealed interface CaseOutcome {
    /** Settled; credit and lift are on disk. */
    record Settled(SupportCase supportCase) implements CaseOutcome {}

    /** It had been settled before, or is being settled in another way; nothing changed. */
    record AlreadySettled(SupportCase supportCase) implements CaseOutcome {}

    /** The account refused; the case is open as before, or is settled later where the account was only busy. */
    record Refused(Outcome.Refused refusal) implements CaseOutcome {}

    /** There is no such case for this tenant. */
    record Unknown() implements CaseOutcome {}
}

package dev.octroi.quota.account;

/** What the decider says to one command. */
public sealed interface Reply {
    /** Decided. */
    record Done() implements Reply {}

    /** Decided before; nothing changes. */
    record Repeated() implements Reply {}

    /** Not decided; nothing changes. */
    record Refused(Refusal code, String detail) implements Reply {}

    /**
     * A charging message is answered.
     *
     * @param again whether it was answered before; nothing changes then
     */
    record Charged(dev.octroi.quota.account.Charged charged, boolean again) implements Reply {}

    Reply DONE = new Done();
    Reply REPEATED = new Repeated();
}

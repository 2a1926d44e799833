package dev.octroi.quota;

/** What became of a command; known only after its transaction is committed. */
public sealed interface Outcome {
    /**
     * Done, and on disk.
     *
     * @param account the account after the batch the command was in
     */
    record Accepted(AccountView account) implements Outcome {}

    /**
     * Done before: nothing changed.
     *
     * @param account the account as it is
     */
    record Duplicate(AccountView account) implements Outcome {}

    /**
     * Not done.
     *
     * @param code why
     * @param detail one sentence, fit for a problem's detail
     */
    record Refused(Refusal code, String detail) implements Outcome {}
}

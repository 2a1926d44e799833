package dev.octroi.quota;

import org.jspecify.annotations.Nullable;

/** What became of a command; known only after its transaction is committed. */
public sealed interface Outcome {
    /**
     * Done, and on disk.
     *
     * @param account the account after the batch the command was in
     * @param charged the answer to a charging message; null for every other command
     */
    record Accepted(AccountView account, @Nullable Charged charged) implements Outcome {}

    /**
     * Done before: nothing changed.
     *
     * @param account the account as it is
     * @param charged the answer that a charging message was given; null for every other command
     */
    record Duplicate(AccountView account, @Nullable Charged charged) implements Outcome {}

    /**
     * Not done.
     *
     * @param code why
     * @param detail one sentence, fit for a problem's detail
     */
    record Refused(Refusal code, String detail) implements Outcome {}
}

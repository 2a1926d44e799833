package dev.octroi.quota.account;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What became of a command; known only after its transaction is committed. */
public sealed interface Outcome {
    /**
     * Done, and on disk.
     *
     * @param view gives the account after the batch the command was in; made when it is asked for, because feeds never ask
     * @param charged the answer to a charging message; null for every other command
     */
    record Accepted(Supplier<AccountView> view, @Nullable Charged charged) implements Outcome {
        /** The account after the batch the command was in. */
        public AccountView account() {
            return view.get();
        }
    }

    /**
     * Done before: nothing changed.
     *
     * @param view gives the account as it is; made when it is asked for
     * @param charged the answer that a charging message was given; null for every other command
     */
    record Duplicate(Supplier<AccountView> view, @Nullable Charged charged) implements Outcome {
        /** The account as it is. */
        public AccountView account() {
            return view.get();
        }
    }

    /**
     * Not done.
     *
     * @param code why
     * @param detail one sentence, fit for a problem's detail
     */
    record Refused(Refusal code, String detail) implements Outcome {}
}

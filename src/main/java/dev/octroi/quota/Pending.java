package dev.octroi.quota;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Reply;
import org.jspecify.annotations.Nullable;

/** A command that waits for its outcome. One lane's, once it was submitted. */
final class Pending {
    private final AccountKey key;
    private final AccountCommand command;
    private final Waiting waiting;
    private @Nullable Reply reply;
    private boolean hasLeft;

    /**
     * @param key whose account
     * @param command what
     * @param waiting told after the commit
     */
    Pending(AccountKey key, AccountCommand command, Waiting waiting) {
        this.key = key;
        this.command = command;
        this.waiting = waiting;
    }

    AccountKey key() {
        return key;
    }

    AccountCommand command() {
        return command;
    }

    Waiting waiting() {
        return waiting;
    }

    /** What was decided last; true once the batch it is in is on disk. */
    @Nullable
    Reply reply() {
        return reply;
    }

    /** Lets go of its place in the lane; false when it had none any more. */
    boolean leave() {
        boolean leaves = !hasLeft;
        hasLeft = true;
        return leaves;
    }

    void decided(@Nullable Reply decided) {
        reply = decided;
    }
}

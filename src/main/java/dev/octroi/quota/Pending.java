package dev.octroi.quota;

import org.jspecify.annotations.Nullable;

/** A command that waits for its outcome. One lane's, once it was submitted. */
final class Pending {
    private final AccountKey key;
    private final AccountCommand command;
    private final Waiting waiting;
    private @Nullable Reply reply;

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

    void decided(@Nullable Reply decided) {
        reply = decided;
    }
}

package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account of a batch: the commands for it, and what it is as far as the batch has come. Held in one place, so that a record
 * of one batch looks for its account once. One lane's, one thread's.
 */
final class BatchAccount {
    private final AccountKey key;
    private final List<Pending> commands = new ArrayList<>(1);
    private StateCache.@Nullable Slot slot;
    private @Nullable AccountState state;
    private boolean remembered;

    BatchAccount(AccountKey key) {
        this.key = key;
    }

    AccountKey key() {
        return key;
    }

    /** In the order in which they were submitted; none for an account that is only decided about with others. */
    List<Pending> commands() {
        return commands;
    }

    void take(Pending command) {
        commands.add(command);
    }

    /** What was known, read or decided last; null while nothing is, and for an account that does not exist. */
    @Nullable
    AccountState state() {
        return state;
    }

    /** Whether the state is one of an earlier batch; the write finds out when it is out of date. */
    boolean isRemembered() {
        return remembered;
    }

    /** Believes what the lane remembers, if anything. */
    void remember(StateCache.@Nullable Slot found) {
        slot = found;
        if (found != null) {
            state = found.account();
            remembered = true;
        }
    }

    /** Takes what was read; null when there is no such account. */
    void read(@Nullable AccountState found) {
        state = found;
        remembered = false;
    }

    /** As it is after what was decided. */
    void become(AccountState decided) {
        state = decided;
    }

    /** Where the lane remembers it, if it did when the batch began. */
    StateCache.@Nullable Slot slot() {
        return slot;
    }
}

package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The accounts a lane decided last, as they are on disk. When there are too many, those give way that were not asked for
 * since the hand went past them (CLOCK): unlike an order of use it changes no pointer when an account is asked for, which the
 * garbage collector would have to follow. One lane's, one thread's.
 */
final class StateCache {
    private static final int MAX_SESSIONS = 32;

    private final Map<AccountKey, Slot> slots = new HashMap<>();
    private final @Nullable Slot[] ring;
    private int size;
    private int hand;

    private static final class Slot {
        private final AccountCell account;
        private boolean used;
        private boolean forgotten;

        Slot(AccountState state) {
            this.account = new AccountCell(state);
        }
    }

    /** @param capacity most accounts, at least one */
    StateCache(int capacity) {
        this.ring = new @Nullable Slot[capacity];
    }

    @Nullable
    AccountState get(AccountKey key) {
        Slot slot = slots.get(key);
        if (slot == null) {
            return null;
        }
        slot.used = true;
        return slot.account.get();
    }

    void put(AccountState state) {
        AccountState kept = state.sessions().size() > MAX_SESSIONS ? state.withSessions(Map.of()) : state;
        Slot slot = slots.get(state.key());
        if (slot != null) {
            slot.account.put(kept);
            return;
        }
        Slot added = new Slot(kept);
        ring[place()] = added;
        slots.put(state.key(), added);
    }

    void forget(AccountKey key) {
        Slot slot = slots.remove(key);
        if (slot != null) {
            // Its place is the next that is free, when the hand comes by.
            slot.forgotten = true;
            slot.used = false;
        }
    }

    /** A place of which nobody makes use. */
    private int place() {
        if (size < ring.length) {
            return size++;
        }
        while (true) {
            hand = (hand + 1) % ring.length;
            Slot slot = ring[hand];
            if (slot == null || !slot.used) {
                if (slot != null && !slot.forgotten) {
                    slots.remove(slot.account.key());
                }
                return hand;
            }
            slot.used = false;
        }
    }
}

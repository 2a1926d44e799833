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

    /** Where an account is kept, until it gives way or is forgotten. */
    static final class Slot {
        private final AccountCell cell;
        private boolean used;
        private boolean forgotten;

        private Slot(AccountState state) {
            this.cell = new AccountCell(bounded(state));
        }

        /** As it was put last. */
        AccountState account() {
            return cell.get();
        }

        /** Another state of the same account; in a slot that is given to another one by now, nobody will see it. */
        void put(AccountState state) {
            cell.put(bounded(state));
        }

        private static AccountState bounded(AccountState state) {
            return state.sessions().size() > MAX_SESSIONS ? state.withSessions(Map.of()) : state;
        }
    }

    /** @param capacity most accounts, at least one */
    StateCache(int capacity) {
        this.ring = new @Nullable Slot[capacity];
    }

    /** Where an account is kept; good until the next account is put or forgotten, and without harm after it. */
    @Nullable
    Slot find(AccountKey key) {
        Slot slot = slots.get(key);
        if (slot != null) {
            slot.used = true;
        }
        return slot;
    }

    void put(AccountState state) {
        Slot slot = slots.get(state.key());
        if (slot != null) {
            slot.put(state);
            return;
        }
        Slot added = new Slot(state);
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
                    slots.remove(slot.cell.key());
                }
                return hand;
            }
            slot.used = false;
        }
    }
}

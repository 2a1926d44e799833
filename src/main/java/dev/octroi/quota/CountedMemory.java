package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.UsageRecord;
import java.util.List;

/**
 * Which records a lane counted lately. A record that is not among them is taken for new: the ledger refuses it if another
 * gateway, or this one long ago, counted it, and then the batch is decided again with all of its records looked up. Where
 * that happened it soon happens again, because whole files are sent twice: for some time every record is looked up.
 *
 * <p>What is remembered may be wrong in both directions without harm: what is remembered is looked up too. One lane's, one
 * thread's.
 */
final class CountedMemory {
    /** Groups of places: two megabytes for the latest quarter of a million of records. */
    private static final int GROUPS = 1 << 16;

    /** Places of a group, the newest first; a new record pushes the oldest out. */
    private static final int GROUP_SIZE = 4;

    /** After a record was not new: so many batches are looked up whole. */
    private static final int CAREFUL_BATCHES = 64;

    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final long[] marks = new long[GROUPS * GROUP_SIZE];
    private int carefulBatches;

    /** Whether a record has to be looked up before it may be taken for new. */
    boolean mayHold(AccountKey key, UsageRecord record) {
        return carefulBatches > 0 || holds(mark(key, record));
    }

    /** The batch is on disk. */
    void written(List<Sink.Addressed<Effect.LedgerRow>> rows) {
        carefulBatches = Math.max(0, carefulBatches - 1);
        for (Sink.Addressed<Effect.LedgerRow> row : rows) {
            put(mark(row.key(), row.effect().record()));
        }
    }

    /** A record that was taken for new was not. */
    void wasWrong() {
        carefulBatches = CAREFUL_BATCHES;
    }

    private boolean holds(long mark) {
        int group = group(mark);
        for (int i = group; i < group + GROUP_SIZE; i++) {
            if (marks[i] == mark) {
                return true;
            }
        }
        return false;
    }

    private void put(long mark) {
        int group = group(mark);
        System.arraycopy(marks, group, marks, group + 1, GROUP_SIZE - 1);
        marks[group] = mark;
    }

    private static int group(long mark) {
        return (int) (mark >>> (Long.SIZE - Integer.numberOfTrailingZeros(GROUPS))) * GROUP_SIZE;
    }

    private static long mark(AccountKey key, UsageRecord record) {
        long mark = key.accountId() * SPREAD + record.key().hashCode();
        mark = mark * SPREAD + record.source().hashCode();
        mark = mark * SPREAD + EffectStore.day(record.eventEnd()).toEpochDay();
        return (mark ^ mark >>> 32) * SPREAD;
    }
}

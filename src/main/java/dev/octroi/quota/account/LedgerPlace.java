package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;

/**
 * A place in the ledger of an account, whose rows are ordered by day, source and key.
 *
 * @param day UTC day
 * @param source the feed; empty: before all
 * @param key the record; empty: before all
 */
public record LedgerPlace(LocalDate day, String source, String key) {
    public LedgerPlace {
        requireNonNull(day, "day is null");
        requireNonNull(source, "source is null");
        requireNonNull(key, "key is null");
    }

    /** Before all rows of a day. */
    public static LedgerPlace before(LocalDate day) {
        return new LedgerPlace(day, "", "");
    }
}

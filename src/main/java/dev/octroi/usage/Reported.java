package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One thing that a feed reported, after reading; the subscriber is a keyed hash from here on. */
public sealed interface Reported {
    /**
     * A usage record that may be counted.
     *
     * @param id what the feed calls it: for the answer, and never kept, because a number of the subscriber may be in it
     */
    record Usage(String id, Subscriber subscriber, UsageRecord record) implements Reported {
        public Usage {
            requireNonNull(id, "id is null");
            requireNonNull(subscriber, "subscriber is null");
            requireNonNull(record, "record is null");
        }

        /** One whose feed gets no answer, or calls it as it is kept. */
        public Usage(Subscriber subscriber, UsageRecord record) {
            this(record.key(), subscriber, record);
        }
    }

    /** Where a subscriber is: visited network {@code MCC-MNC}, tracking area and cell in hexadecimal, keyed hash of the device. */
    record Location(
            Subscriber subscriber,
            String plmn,
            @Nullable String tac,
            @Nullable String cell,
            @Nullable String deviceHash,
            Instant at)
            implements Reported {
        public Location {
            requireNonNull(subscriber, "subscriber is null");
            requireNonNull(plmn, "plmn is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * Something that cannot be used.
     *
     * @param key the record's own key, where it could be read
     * @param detail one sentence for the feed's owner, without any identifier of a subscriber
     */
    record Bad(@Nullable String key, Fault fault, String detail) implements Reported {
        public Bad {
            requireNonNull(fault, "fault is null");
            requireNonNull(detail, "detail is null");
        }
    }
}

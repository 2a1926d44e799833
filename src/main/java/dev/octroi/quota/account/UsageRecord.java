package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import dev.octroi.drain.BlockList;
import dev.octroi.drain.Category;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A usage record after normalising: checked, without subscriber identity, for a known account.
 *
 * @param source the feed, as a rule the partner's name; 1 to 40 characters
 * @param key the feed's own identity of the record, 1 to 80 characters; with the source and the event's day it makes a
 *     record unique within its account
 * @param meaning how the volumes are meant
 * @param session identity of the data session with its beginning, or of the bundle; null only for {@link Meaning#DELTA}
 * @param counterBits 64, or 32 where the feed's cumulative counters wrap
 * @param eventStart first moment covered
 * @param eventEnd last moment covered; decides on hour, day and period
 * @param receivedAt when the gateway received it
 * @param upBytes sent by the device, 0 to {@link #MAX_BYTES}
 * @param downBytes received by the device, 0 to {@link #MAX_BYTES}; of a bundle what {@link Meaning} says
 * @param plmn visited network {@code MCC-MNC}
 * @param country ISO 3166-1 alpha-2 code of the visited network, or {@code ZZ}
 * @param trackingArea {@code MCC-MNC-TAC} or {@code MCC-MNC-TAC-CELL} where the feed gives it
 * @param rat radio access, for example {@code NR}
 * @param category what the feed says the bytes were for
 * @param destinationClass what the feed says they went to: a 3GPP application id, a DNS or SNI category, at most 64
 *     characters; null where it does not say
 * @param deviceHash keyed hash of the device's equipment identity, hexadecimal; null where the feed does not name it
 */
public record UsageRecord(
        String source,
        String key,
        Meaning meaning,
        @Nullable String session,
        int counterBits,
        Instant eventStart,
        Instant eventEnd,
        Instant receivedAt,
        long upBytes,
        long downBytes,
        String plmn,
        String country,
        @Nullable String trackingArea,
        String rat,
        Category category,
        @Nullable String destinationClass,
        @Nullable String deviceHash) {
    /** Most bytes in one direction of one record: a cumulative counter of 256 TiB. */
    public static final long MAX_BYTES = 1L << 48;

    private static final int MAX_SOURCE = 40;
    private static final int MAX_KEY = 80;

    /** A record of a feed that says nothing about destinations and devices. */
    public UsageRecord(
            String source,
            String key,
            Meaning meaning,
            @Nullable String session,
            int counterBits,
            Instant eventStart,
            Instant eventEnd,
            Instant receivedAt,
            long upBytes,
            long downBytes,
            String plmn,
            String country,
            @Nullable String trackingArea,
            String rat,
            Category category) {
        this(
                source,
                key,
                meaning,
                session,
                counterBits,
                eventStart,
                eventEnd,
                receivedAt,
                upBytes,
                downBytes,
                plmn,
                country,
                trackingArea,
                rat,
                category,
                null,
                null);
    }

    public UsageRecord {
        requireNonNull(meaning, "meaning is null");
        requireNonNull(receivedAt, "receivedAt is null");
        requireNonNull(plmn, "plmn is null");
        requireNonNull(country, "country is null");
        requireNonNull(rat, "rat is null");
        requireNonNull(category, "category is null");
        if (source.isEmpty() || source.length() > MAX_SOURCE) {
            throw new IllegalArgumentException("a source has 1 to 40 characters");
        }
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new IllegalArgumentException("a key has 1 to 80 characters");
        }
        if (upBytes < 0 || upBytes > MAX_BYTES || downBytes < 0 || downBytes > MAX_BYTES) {
            throw new IllegalArgumentException("bytes out of range");
        }
        if (eventEnd.isBefore(eventStart)) {
            throw new IllegalArgumentException("a record ends before it starts");
        }
        if (meaning != Meaning.DELTA && session == null) {
            throw new IllegalArgumentException("a record that is no delta names its session");
        }
        if (destinationClass != null && destinationClass.length() > BlockList.MAX_LENGTH) {
            throw new IllegalArgumentException("a destination class has at most 64 characters");
        }
        if (counterBits != 64 && counterBits != 32) {
            throw new IllegalArgumentException("counters have 32 or 64 bits");
        }
    }

    /** The same record from a feed that names the device by the keyed hash of its equipment identity. */
    public UsageRecord inDevice(@Nullable String hash) {
        return with(plmn, country, trackingArea, hash);
    }

    /** The same record, used somewhere else. */
    public UsageRecord at(SessionPlace place) {
        return with(place.plmn(), place.country(), place.area(), deviceHash);
    }

    private UsageRecord with(
            String otherPlmn, String otherCountry, @Nullable String otherArea, @Nullable String otherDevice) {
        return new UsageRecord(
                source,
                key,
                meaning,
                session,
                counterBits,
                eventStart,
                eventEnd,
                receivedAt,
                upBytes,
                downBytes,
                otherPlmn,
                otherCountry,
                otherArea,
                rat,
                category,
                destinationClass,
                otherDevice);
    }

    /** How volumes are meant. */
    public enum Meaning {
        /** Bytes since the previous record. */
        DELTA,
        /** Bytes since the session began. */
        SESSION_CUMULATIVE,
        /** The session begins: no bytes, and its counters may be at zero, whatever was known of one of its name. */
        SESSION_BEGUN,
        /** Bytes left of a bundle of unknown size; {@code downBytes} holds them. */
        ABSOLUTE_REMAINING,
        /** The same where the bundle's size is known: {@code downBytes} holds what is gone, size less rest. */
        GONE_OF_TOTAL;

        /** Whether the feed only tells a balance now and then: it says how much was used, but not when and for what. */
        public boolean isBalance() {
            return this == ABSOLUTE_REMAINING || this == GONE_OF_TOTAL;
        }
    }
}

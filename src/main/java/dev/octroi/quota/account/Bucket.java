package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One volume that an account may use.
 *
 * @param id counts the account's buckets from 1
 * @param kind where it comes from
 * @param reference identity of the purchase or credit; {@code plan} for the plan's own
 * @param reason words for the traveller
 * @param quotaBytes its size: of the window at hand where it renews, 0 once it has expired
 * @param usedBytes what was taken of that, 0 to its size
 * @param pastBytes what was taken in windows that are over
 * @param lateBytes what the last window left unspent: only records of that window, which come late, may take it
 * @param expiresAt first moment at which it is gone, when it has an end of its own
 * @param extendDays days by which it extended the plan, 0 to 366
 * @param validDays days from the plan's beginning on after which it is gone, while the plan waits: then they become an end; else 0
 * @param zones of a purchase that is for some zones or countries only: which, by their tariffs; empty: everywhere
 */
public record Bucket(
        int id,
        Kind kind,
        String reference,
        String reason,
        long quotaBytes,
        long usedBytes,
        long pastBytes,
        long lateBytes,
        @Nullable Instant expiresAt,
        int extendDays,
        int validDays,
        Set<String> zones) {
    /** Begins the references of what members bring. */
    public static final String MEMBER = "member:";

    public Bucket {
        zones = Set.copyOf(zones);
        requireNonNull(kind, "kind is null");
        requireNonNull(reference, "reference is null");
        requireNonNull(reason, "reason is null");
        if (quotaBytes < 0 || usedBytes < 0 || usedBytes > quotaBytes || pastBytes < 0 || lateBytes < 0) {
            throw new IllegalArgumentException("a bucket holds between nothing and its size");
        }
    }

    /** A bucket that lasts as long as the plan. */
    public Bucket(int id, Kind kind, String reference, String reason, long quotaBytes, long usedBytes) {
        this(id, kind, reference, reason, quotaBytes, usedBytes, 0, 0, null, 0, 0, Set.of());
    }

    /** Whether a member brought it to a shared volume; its reference then names the member. */
    public boolean isOfMember() {
        return kind == Kind.CREDIT && reference.startsWith(MEMBER);
    }

    /** What is left. */
    public long remainingBytes() {
        return quotaBytes - usedBytes;
    }

    /** All that was ever taken from it. */
    public long takenBytes() {
        return usedBytes + pastBytes;
    }

    /** Whether only the bytes taken differ. */
    public boolean isSameButForUse(Bucket other) {
        return quotaBytes == other.quotaBytes
                && pastBytes == other.pastBytes
                && lateBytes == other.lateBytes
                && extendDays == other.extendDays
                && validDays == other.validDays
                && Objects.equals(expiresAt, other.expiresAt);
    }

    /** The same with more taken. */
    public Bucket take(long bytes) {
        return used(usedBytes + bytes);
    }

    /** The same with so much taken, 0 to its size. */
    public Bucket used(long bytes) {
        return bytes == usedBytes ? this : with(quotaBytes, bytes, pastBytes, lateBytes);
    }

    /** The same with more taken of what the last window left. */
    public Bucket takeLate(long bytes) {
        return with(quotaBytes, usedBytes, pastBytes + bytes, lateBytes - bytes);
    }

    /** The same in its next window. */
    public Bucket renew(long nextQuotaBytes, long nextLateBytes) {
        return with(nextQuotaBytes, 0, takenBytes(), nextLateBytes);
    }

    private Bucket with(long quota, long used, long past, long late) {
        return new Bucket(
                id, kind, reference, reason, quota, used, past, late, expiresAt, extendDays, validDays, zones);
    }

    /** The same once the plan has begun, which gives it its end. */
    public Bucket until(Instant end) {
        return new Bucket(
                id, kind, reference, reason, quotaBytes, usedBytes, pastBytes, lateBytes, end, extendDays, 0, zones);
    }

    /** Whether it comes and goes with the windows of a plan that renews. */
    public boolean isWindowed() {
        return kind != Kind.TOP_UP && kind != Kind.CREDIT;
    }

    /** Whether it may be spent in a zone; null: where no zone has a tariff. */
    public boolean isFor(@Nullable String zoneId) {
        return kind == Kind.ZONE
                ? reference.equals(zoneId)
                : zones.isEmpty() || (zoneId != null && zones.contains(zoneId));
    }

    /** Whether it may be spent in some zones only. */
    public boolean isForZones() {
        return kind == Kind.ZONE || !zones.isEmpty();
    }

    /** Where a bucket comes from. */
    public enum Kind {
        PLAN,
        TOP_UP,
        CREDIT,
        /** What the window before left unspent. */
        ROLLOVER,
        /** The plan's own for one zone, named by the reference: spent there and nowhere else. */
        ZONE;

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something added to an account: volume, days, or both.
 *
 * @param bytes volume, 0 to 1 PB; 0 only when days are added
 * @param extendDays days by which the plan lasts longer, 0 to 366
 * @param validDays days after which the volume is gone, 1 to 366, counted from the plan's beginning where that is still to come; 0:
 *     it lasts as long as the plan
 * @param reference identity of the purchase or the decision, 1 to 80 characters; a second time it is a duplicate
 * @param reason words for the traveller, 1 to 200 characters
 * @param zones zones or countries with a tariff of their own that the volume is for, at most 50; empty: everywhere
 * @param sale how it was sold, for whoever is told of it; null where it was not
 */
public record Grant(
        long bytes,
        int extendDays,
        int validDays,
        String reference,
        String reason,
        List<String> zones,
        @Nullable Sale sale) {
    private static final long MAX_BYTES = 1_000_000_000_000_000L;
    private static final int MAX_DAYS = 366;
    private static final int MAX_ZONES = 50;

    public Grant {
        requireNonNull(reference, "reference is null");
        zones = List.copyOf(zones);
        if (zones.size() > MAX_ZONES || (!zones.isEmpty() && bytes == 0)) {
            throw new IllegalArgumentException("volume is for at most 50 zones");
        }
        if (bytes < 0 || bytes > MAX_BYTES || (bytes == 0 && extendDays == 0)) {
            throw new IllegalArgumentException("a grant is 1 byte to 1 PB, or days");
        }
        if (extendDays < 0 || extendDays > MAX_DAYS || validDays < 0 || validDays > MAX_DAYS) {
            throw new IllegalArgumentException("days are 0 to 366");
        }
        if (reference.isEmpty() || reference.length() > 80) {
            throw new IllegalArgumentException("a reference has 1 to 80 characters");
        }
        Words.reason(reason);
    }

    /**
     * What a shop knows a purchase by.
     *
     * @param externalReference its own number
     * @param amount the price, as a decimal
     * @param currency ISO 4217 code of it
     */
    public record Sale(
            @Nullable String externalReference,
            @Nullable String amount,
            @Nullable String currency) {}

    /** Something that was given. */
    public Grant(long bytes, int extendDays, int validDays, String reference, String reason, List<String> zones) {
        this(bytes, extendDays, validDays, reference, reason, zones, null);
    }

    /** Something that is good everywhere. */
    public Grant(long bytes, int extendDays, int validDays, String reference, String reason) {
        this(bytes, extendDays, validDays, reference, reason, List.of());
    }

    /** Volume that lasts as long as the plan. */
    public static Grant volume(long bytes, String reference, String reason) {
        return new Grant(bytes, 0, 0, reference, reason);
    }
}

package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sha256;
import java.util.HexFormat;
import java.util.function.Predicate;

/**
 * Who reports, and for whom it may.
 *
 * @param source the partner's name as {@link #source(String)} has it, 1 to 40 characters; part of each record's identity
 * @param coversImsi whether it may report for an IMSI
 * @param coversIccid whether it may report by ICCID: a partner that is bound to certain IMSIs may not, because a card's
 *     number does not tell its IMSI
 * @param tenantId the tenant that it serves; 0 for all
 */
public record Feed(String source, Predicate<String> coversImsi, boolean coversIccid, int tenantId) {
    private static final int MAX_SOURCE = 40;
    private static final int HASH_BYTES = 6;

    public Feed {
        requireNonNull(source, "source is null");
        requireNonNull(coversImsi, "coversImsi is null");
    }

    /** Whether it may report for a tenant's subscribers. */
    public boolean serves(int tenant) {
        return serves(tenantId, tenant);
    }

    /** Whether a feed that is bound so may report for a tenant's subscribers. */
    static boolean serves(int feedTenantId, int tenant) {
        return feedTenantId == 0 || feedTenantId == tenant;
    }

    /**
     * The name of a partner's feed: its own as far as it fits; of a longer one the beginning and 12 digits of its SHA-256, so
     * that two names that begin alike stay two feeds.
     */
    public static String source(String name) {
        if (name.length() <= MAX_SOURCE) {
            return name;
        }
        int kept = MAX_SOURCE - 1 - 2 * HASH_BYTES;
        // Half a character is none that a database takes.
        int end = Character.isHighSurrogate(name.charAt(kept - 1)) ? kept - 1 : kept;
        return name.substring(0, end) + "~" + hash(name);
    }

    private static String hash(String name) {
        return HexFormat.of().formatHex(Sha256.of(name), 0, HASH_BYTES);
    }
}

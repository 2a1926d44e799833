package dev.octroi.usage.radius;

import static java.util.Objects.requireNonNull;

import dev.octroi.usage.Feed;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A network element that may send accounting, by one of its ways.
 *
 * @param address where its packets come from
 * @param name of the feed, 1 to 40 characters; part of each record's identity, so it must not change, and is the same for
 *     all ways by which packets of one element may come
 * @param secret shared with it, at least 16 bytes
 * @param tenantId the tenant that it serves; 0 for all
 * @param imsiPrefixes beginnings of the IMSIs that it may report; empty: all
 * @param home the network where it stands, for packets that do not name the visited one
 */
@SuppressWarnings("ArrayRecordComponent")
public record RadiusClient(
        InetAddress address,
        String name,
        byte[] secret,
        int tenantId,
        List<String> imsiPrefixes,
        Optional<String> home) {
    /** The shortest secret (RFC 2865 §3 recommends 16 octets). */
    public static final int MIN_SECRET_BYTES = 16;

    public RadiusClient {
        requireNonNull(address, "address is null");
        requireNonNull(home, "home is null");
        secret = secret.clone();
        imsiPrefixes = List.copyOf(imsiPrefixes);
        if (name.isEmpty() || name.length() > 40) {
            throw new IllegalArgumentException("a client's name has 1 to 40 characters");
        }
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("a shared secret has at least " + MIN_SECRET_BYTES + " bytes");
        }
    }

    /** As a feed. */
    Feed feed() {
        return new Feed(
                name,
                imsi -> imsiPrefixes.isEmpty() || imsiPrefixes.stream().anyMatch(imsi::startsWith),
                false,
                tenantId);
    }

    /** Whether another one of its name is only another way: all but address and secret is the same. */
    boolean isSameFeed(RadiusClient other) {
        return name.equals(other.name)
                && tenantId == other.tenantId
                && imsiPrefixes.equals(other.imsiPrefixes)
                && home.equals(other.home);
    }

    /** Nothing of the secret. */
    @Override
    public String toString() {
        return "RadiusClient[" + name + "]";
    }
}

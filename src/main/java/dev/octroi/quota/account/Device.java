package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.BlindIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The device an account was last seen in.
 *
 * @param hashHex keyed hash of its equipment identity without the software version, hexadecimal; the number is not kept
 * @param since end of the first record, or moment of the first report, that named it
 * @param isFirst whether the account had no device before
 */
public record Device(String hashHex, Instant since, boolean isFirst) {
    /** How long a change speaks for a drain. */
    static final Duration SIGNAL_FOR = Duration.ofHours(24);

    public Device {
        requireNonNull(since, "since is null");
        if (hashHex.length() != 2 * BlindIndex.HASH_BYTES) {
            throw new IllegalArgumentException("a device is a keyed hash");
        }
    }

    /** Whether the account came to this device from another one within a day before a moment. */
    public boolean changedLately(Instant at) {
        return !isFirst && !at.isBefore(since) && at.isBefore(since.plus(SIGNAL_FOR));
    }

    /** The keyed hash of its IMEI, without the software version. */
    public byte[] hash() {
        return HexFormat.of().parseHex(hashHex);
    }

    @Override
    public String toString() {
        return "Device[hidden, since=" + since + "]";
    }
}

package dev.octroi.usage;

import dev.octroi.secret.IdentifierKind;
import java.util.HexFormat;

/**
 * A subscriber as the network knows it: a keyed hash, the number itself is not kept.
 *
 * @param kind {@link IdentifierKind#IMSI} or {@link IdentifierKind#ICCID}
 * @param hashHex {@code BlindIndex.network}, hexadecimal
 */
public record Subscriber(IdentifierKind kind, String hashHex) {
    /** Takes the keyed hash of an identifier. */
    public static Subscriber of(IdentifierKind kind, byte[] hash) {
        return new Subscriber(kind, HexFormat.of().formatHex(hash));
    }

    /** The keyed hash. */
    public byte[] hash() {
        return HexFormat.of().parseHex(hashHex);
    }

    @Override
    public String toString() {
        return "Subscriber[hidden]";
    }
}

package dev.octroi.usage;

import dev.octroi.secret.IdentifierKind;
import java.util.Arrays;

/**
 * A subscriber as the network knows it: a keyed hash, the number itself is not kept.
 *
 * @param kind {@link IdentifierKind#IMSI} or {@link IdentifierKind#ICCID}
 * @param hash {@code BlindIndex.network}
 */
record Subscriber(IdentifierKind kind, byte[] hash) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Subscriber that && kind == that.kind && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return "Subscriber[hidden]";
    }
}

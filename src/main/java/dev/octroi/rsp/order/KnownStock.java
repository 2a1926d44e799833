package dev.octroi.rsp.order;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A profile that has the number of one of a batch.
 *
 * @param row the profile
 * @param imsiIndex keyed hash of its subscriber's number, null when another server made it
 * @param matchingIndex keyed hash of its matching id, null without one
 * @param keys its secrets, sealed; null without any
 */
@SuppressWarnings("ArrayRecordComponent")
record KnownStock(
        ProfileRow row, byte @Nullable [] imsiIndex, byte @Nullable [] matchingIndex, byte @Nullable [] keys) {

    /** Reads a row of the profile, with {@code keys_sealed} beside it. */
    static KnownStock read(Row row) {
        return new KnownStock(
                ProfileColumns.read(row),
                ProfileColumns.bytes(row, "imsi_idx"),
                ProfileColumns.bytes(row, "matching_idx"),
                ProfileColumns.bytes(row, "keys_sealed"));
    }

    /** Whether it is the very subscriber of a row. */
    boolean isSubscriber(ProfileVault vault, int tenantId, long typeId, SealedStock.Entry entry, NewStock told) {
        return row.tenantId() == tenantId
                && row.origin().typeId() == typeId
                && Arrays.equals(imsiIndex, entry.imsiIndex().getBytes())
                && keys != null
                && vault.openKeys(row, keys).isSameAs(told.keys());
    }

    /**
     * Whether the order of a row is the one that the profile has: a code that is printed must lead to it, and to no other
     * card than the row says. A row without an order says nothing of it.
     */
    boolean isOrder(ProfileVault vault, SealedStock.Entry entry, NewStock told) {
        NewStock.@Nullable Ordered ordered = told.ordered();
        if (ordered == null) {
            return true;
        }
        ProfileStatus.@Nullable CardReference card = row.status().card();
        byte @Nullable [] reserved = card != null && card.reserved() ? card.indexBytes() : null;
        return Arrays.equals(matchingIndex, bytes(entry.matchingIndex()))
                && Arrays.equals(reserved, bytes(entry.eidIndex()))
                && MessageDigest.isEqual(vault.confirmation(row).orElse(null), ordered.confirmationHash());
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}

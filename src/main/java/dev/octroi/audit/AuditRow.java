package dev.octroi.audit;

import dev.octroi.secret.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * One row of a chain as it stands in the database.
 *
 * @param tenantId whose chain
 * @param seq its number, from 1, without gaps
 * @param entry canonical JSON
 * @param prev the hash of the row before, empty for the first
 * @param hash SHA-256 of {@code prev} and {@code entry}
 */
@SuppressWarnings("ArrayRecordComponent") // Rows are passed on, never compared.
public record AuditRow(int tenantId, long seq, String entry, byte[] prev, byte[] hash) {
    /** What the hash has to be. */
    byte[] expectedHash() {
        return Sha256.of(prev, entry.getBytes(StandardCharsets.UTF_8));
    }
}

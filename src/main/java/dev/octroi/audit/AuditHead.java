package dev.octroi.audit;

/**
 * The end of a chain.
 *
 * @param tenantId whose chain
 * @param seq the number of the last row, 0 for none
 * @param hash the hash of the last row
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by Arrays.equals where it matters.
record AuditHead(int tenantId, long seq, byte[] hash) {}

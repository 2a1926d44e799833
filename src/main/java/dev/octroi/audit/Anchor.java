package dev.octroi.audit;

/**
 * The end of a chain at some moment, as exported to the file outside the database.
 *
 * @param tenantId whose chain
 * @param seq the number of its last row then
 * @param hash the hash of that row
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by Arrays.equals where it matters.
record Anchor(int tenantId, long seq, byte[] hash) {}

package dev.octroi.audit;

/**
 * The first place where a chain does not hold.
 *
 * @param tenantId whose chain
 * @param seq the number of the first bad row; for missing rows the first number that is missing
 * @param what what is wrong there, for people
 */
public record AuditFinding(int tenantId, long seq, String what) {}

package dev.octroi.web.console;

/**
 * How policy callbacks to the network went in the last 24 hours, over the newest {@link ConsoleStore#MAX_COUNTED}.
 *
 * @param delivered how many arrived
 * @param dead how many were given up
 * @param medianMs time from the decision to the answer, half of those that arrived took less
 * @param p95Ms 95 of 100 that arrived took less
 */
record CallbackHealth(int delivered, int dead, long medianMs, long p95Ms) {}

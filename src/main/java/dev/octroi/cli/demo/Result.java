package dev.octroi.cli.demo;

/**
 * What became of a step.
 *
 * @param step its name
 * @param ok whether everything was observed
 * @param ms how long it took, in milliseconds
 * @param detail what was observed, or what was missing
 */
record Result(String step, boolean ok, long ms, String detail) {}

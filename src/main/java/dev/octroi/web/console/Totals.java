package dev.octroi.web.console;

/**
 * Figures on top of the pages, each counted up to {@link ConsoleStore#MAX_COUNTED}.
 *
 * @param subscriptions how many of the newest subscriptions were looked at
 * @param normal of these, at full speed
 * @param slowed of these, slowed or without background data
 * @param suspended of these, suspended
 * @param openAlarms alarms nobody has settled
 * @param waiting callbacks still to be delivered
 * @param dead callbacks given up in the last 24 hours
 */
record Totals(int subscriptions, int normal, int slowed, int suspended, int openAlarms, int waiting, int dead) {}

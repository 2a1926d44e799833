package dev.octroi.support;

/**
 * How often alarms of a kind were right, as far as people have answered.
 *
 * @param kind of drain
 * @param alarms raised
 * @param real answered as drains
 * @param meant answered as meant
 */
public record KindPrecision(String kind, int alarms, int real, int meant) {}

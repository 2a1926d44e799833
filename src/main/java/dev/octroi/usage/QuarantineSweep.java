package dev.octroi.usage;

import org.jspecify.annotations.Nullable;

/**
 * What became of several records at once.
 *
 * @param resolved how many were released, or dropped, as wished
 * @param left how many still wait, because they cannot be released or the gateway was busy
 * @param last number of the last one that was looked at, when there may be more; else null
 */
public record QuarantineSweep(
        int resolved, int left, @Nullable Long last) {}

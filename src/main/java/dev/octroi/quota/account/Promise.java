package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a rating group of a charging session, or a UPF of it, was promised.
 *
 * @param bytes from the account's volume and not yet reported, 1 or more
 * @param until when they are given back: the consumer was told an earlier moment at which they end
 */
public record Promise(long bytes, Instant until) {
    public Promise {
        requireNonNull(until, "until is null");
    }
}

package dev.octroi.quota.account;

import dev.octroi.quota.Sink;

/**
 * Something of an account that is looked up or written in a batch; consequences of decisions are {@link Sink.Addressed}.
 *
 * @param key whose
 * @param value what
 */
public record OfAccount<T>(AccountKey key, T value) {}

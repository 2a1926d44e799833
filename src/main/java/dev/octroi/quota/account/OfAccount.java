package dev.octroi.quota.account;

/**
 * Something of an account that is looked up or written in a batch; consequences of decisions are {@code Sink.Addressed}.
 *
 * @param key whose
 * @param value what
 */
public record OfAccount<T>(AccountKey key, T value) {}

package dev.octroi.quota.account;

/** What is known of one of several commands. */
public sealed interface Answer {
    /** What became of it. */
    record Told(Outcome outcome) implements Answer {}

    /** Nothing is known about it. */
    record Failed(Throwable failure) implements Answer {}
}

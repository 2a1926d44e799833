package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

/**
 * Something a feed gave that can never be counted, of a feed that nobody answers: it is kept by its place alone, what it said
 * stays where it lies.
 *
 * @param place where it lies at the feed, 1 to 80 characters; the same whenever it is read
 * @param fault why it cannot be counted
 * @param detail one sentence without any identifier of a subscriber
 */
public record Unreadable(String place, Fault fault, String detail) {
    public Unreadable {
        requireNonNull(fault, "fault is null");
        requireNonNull(detail, "detail is null");
        if (place.isEmpty() || place.length() > 80) {
            throw new IllegalArgumentException("a place has 1 to 80 characters");
        }
    }
}

package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to a subscription.
 *
 * @param id its identifier
 * @param at when
 * @param type the event's dotted name
 * @param data the event's data; public identifiers only
 */
public record TimelineEntry(long id, Instant at, String type, Map<String, Object> data) {
    public TimelineEntry {
        requireNonNull(at, "at is null");
        requireNonNull(type, "type is null");
        data = Map.copyOf(data);
    }

    /** The stable word for the sort of entry: {@code order}, {@code download}, {@code decision}, {@code top_up} … */
    public String kind() {
        String family = type.substring(0, type.indexOf('.'));
        return switch (family) {
            case "profile" -> "download";
            case "policy" -> "decision";
            default -> family;
        };
    }

    /** One English sentence, at most 300 characters. */
    public String summary() {
        return TimelineSentence.of(type, data);
    }
}

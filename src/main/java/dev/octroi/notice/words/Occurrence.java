package dev.octroi.notice.words;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An event as it was told.
 *
 * @param type such as {@code usage.threshold_reached}
 * @param data its members: texts, numbers, truths and lists of texts
 * @param at when it happened
 */
public record Occurrence(String type, Map<String, Object> data, Instant at) {
    public Occurrence {
        requireNonNull(type, "type is null");
        requireNonNull(at, "at is null");
        data = Map.copyOf(data);
    }

    /** A text; empty where there is none. */
    String text(String name) {
        return data.get(name) instanceof String text ? text : "";
    }

    /** A whole number; 0 where there is none. */
    long number(String name) {
        return data.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** Whether a number is there. */
    boolean hasNumber(String name) {
        return data.get(name) instanceof Number;
    }

    /** A list of texts; empty where there is none. */
    List<String> texts(String name) {
        return data.get(name) instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }
}

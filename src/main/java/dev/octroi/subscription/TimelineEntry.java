package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.words.StatusCode;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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

    /** One sentence, at most 300 characters; English for every language but French and Chinese. */
    public String summary(Locale locale) {
        return TimelineSentence.of(this, locale);
    }

    /** Why a step of a download failed; empty when it succeeded, or when this is no such step. */
    public Optional<StatusCode> refusal() {
        return data.get("subjectCode") instanceof String subject && data.get("reasonCode") instanceof String reason
                ? Optional.of(
                        new StatusCode(subject, reason, data.get("detail") instanceof String detail ? detail : null))
                : Optional.empty();
    }

    /** Whether this is a step of the download, or a report of the card. */
    public boolean isStep() {
        return type.startsWith("profile.") && data.containsKey("step");
    }
}

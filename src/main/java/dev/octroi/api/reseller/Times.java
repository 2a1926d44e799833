package dev.octroi.api.reseller;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Moments on the wire: RFC 3339, in UTC, with milliseconds at most. */
final class Times {
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

    private Times() {}

    static String text(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Adds a member unless there is no moment. */
    static void put(JsonObject json, String name, @Nullable Instant at) {
        if (at != null) {
            json.put(name, text(at));
        }
    }

    /** Reads a moment with any offset, in a year of four digits (RFC 3339 §1) since 1970; empty when it is none. */
    static Optional<Instant> parse(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant())
                    .filter(at -> !at.isBefore(Instant.EPOCH) && at.isBefore(END));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}

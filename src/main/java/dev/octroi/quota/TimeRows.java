package dev.octroi.quota;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Between moments and columns of time. */
public final class TimeRows {
    private TimeRows() {}

    /** A moment as a column; null for none and for the one before all others. */
    public static @Nullable OffsetDateTime write(@Nullable Instant instant) {
        return instant == null || instant.equals(Instant.MIN) ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** A column as a moment. */
    static @Nullable Instant read(@Nullable OffsetDateTime column) {
        return column == null ? null : column.toInstant();
    }
}

package dev.octroi.usage;

import org.jspecify.annotations.Nullable;

/**
 * Which of the records that wait are meant.
 *
 * @param source of this feed; null: of all
 * @param fault kept for this reason, a {@link Fault}'s word; null: for any
 */
public record QuarantineFilter(
        @Nullable String source, @Nullable String fault) {
    /** As the audit names it. */
    String text() {
        return (source == null ? "*" : source) + "/" + (fault == null ? "*" : fault);
    }
}

package dev.octroi.usage;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record.
 *
 * @param key the record's own key, or null when it could not be read
 * @param verdict what became of it
 * @param fault why it was not counted, when it was not
 * @param detail one sentence for the feed's owner, without any identifier of a subscriber
 */
public record RecordResult(
        @Nullable String key,
        Verdict verdict,
        @Nullable Fault fault,
        @Nullable String detail) {
    /** What may become of a record. */
    public enum Verdict {
        /** Counted, and on disk. */
        COUNTED,
        /** Counted before. */
        DUPLICATE,
        /** Kept aside until someone or something makes it countable. */
        QUARANTINED,
        /** Cannot be counted, ever. */
        REJECTED;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The stable word of the feed. */
        public String word() {
            return word;
        }
    }

    static RecordResult of(@Nullable String key, Fault fault, String detail) {
        return new RecordResult(key, fault.kept() ? Verdict.QUARANTINED : Verdict.REJECTED, fault, detail);
    }
}

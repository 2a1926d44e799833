package dev.octroi.usage.file;

import static java.util.Objects.requireNonNull;

import dev.octroi.usage.file.FileOutcome.Missing;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a file in its sender's numbering, from its name: {@code pgw1_000123.csv} is number 123 of {@code pgw1_}.
 *
 * @param stream the name up to the number
 * @param number the number
 * @param digits how many digits it is written with, 1 to 18
 */
record FileSequence(String stream, long number, int digits) {
    private static final Pattern FORM = Pattern.compile("(.*?)([0-9]{1,18})\\.csv(?:\\.gz)?", Pattern.CASE_INSENSITIVE);

    /** Nobody begins anew after less than a thousand files. */
    private static final int LEAST_ROUND_DIGITS = 3;

    FileSequence {
        requireNonNull(stream, "stream is null");
    }

    /** The place that a name tells; empty when it ends with no number. */
    static Optional<FileSequence> of(String name) {
        Matcher matcher = FORM.matcher(name);
        return matcher.matches()
                ? Optional.of(new FileSequence(
                        matcher.group(1),
                        Long.parseLong(matcher.group(2)),
                        matcher.group(2).length()))
                : Optional.empty();
    }

    /** After how many numbers they begin anew; 0: never. */
    long round() {
        return digits < LEAST_ROUND_DIGITS ? 0 : Math.powExact(10L, digits);
    }

    /**
     * The numbers from this place to another one as they are written. Where they begin anew within, number 0 is not among them:
     * most senders begin with 1.
     */
    List<Missing> upTo(long last) {
        if (round() == 0) {
            return List.of(new Missing(stream, number, last));
        }
        long first = Math.floorMod(number, round());
        long end = Math.floorMod(last, round());
        if (first <= end && first > 0) {
            return List.of(new Missing(stream, first, end));
        }
        Missing begun = new Missing(stream, 1, end);
        Missing ended = new Missing(stream, first, round() - 1);
        if (first == 0) {
            return end == 0 ? List.of() : List.of(begun);
        }
        return end == 0 ? List.of(ended) : List.of(ended, begun);
    }
}

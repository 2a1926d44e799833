package dev.octroi.usage.file;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a file in its sender's numbering, from its name: {@code pgw1_000123.csv} is number 123 of {@code pgw1_}.
 *
 * @param stream the name up to the number
 * @param number the number
 */
record FileSequence(String stream, long number) {
    private static final Pattern FORM = Pattern.compile("(.*?)([0-9]{1,18})\\.csv(?:\\.gz)?", Pattern.CASE_INSENSITIVE);

    FileSequence {
        requireNonNull(stream, "stream is null");
    }

    /** The place that a name tells; empty when it ends with no number. */
    static Optional<FileSequence> of(String name) {
        Matcher matcher = FORM.matcher(name);
        return matcher.matches()
                ? Optional.of(new FileSequence(matcher.group(1), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }
}

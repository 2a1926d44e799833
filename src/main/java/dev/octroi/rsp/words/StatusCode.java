package dev.octroi.rsp.words;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a status is looked up by.
 *
 * @param subjectCode of SGP.22 §5.2.6, such as 8.2.6
 * @param reasonCode of SGP.22 §5.2.6, such as 3.8
 * @param detail what the pair does not say: {@code cancel.*}, {@code authenticate.*}, {@code prepare.*} or
 *     {@code install.*} with the word or number of the card's own reason; or null
 */
public record StatusCode(
        String subjectCode, String reasonCode, @Nullable String detail) {
    public StatusCode {
        requireNonNull(subjectCode, "subjectCode is null");
        requireNonNull(reasonCode, "reasonCode is null");
    }

    /** The pair alone. */
    public static StatusCode of(String subjectCode, String reasonCode) {
        return new StatusCode(subjectCode, reasonCode, null);
    }
}

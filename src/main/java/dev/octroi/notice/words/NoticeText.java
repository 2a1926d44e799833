package dev.octroi.notice.words;

import static java.util.Objects.requireNonNull;

/**
 * A notice as it is read.
 *
 * @param subject one line
 * @param body plain text, lines of any length
 */
public record NoticeText(String subject, String body) {
    public NoticeText {
        requireNonNull(subject, "subject is null");
        requireNonNull(body, "body is null");
        if (subject.chars().anyMatch(each -> each < ' ')) {
            throw new IllegalArgumentException("a subject is one line");
        }
    }
}

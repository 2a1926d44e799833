package dev.octroi.notice.words;

import static java.util.Objects.requireNonNull;

/**
 * That an event is told to the traveller, and in which words.
 *
 * @param kind what it is about
 * @param urgent whether no bound holds it back: data stops, something drains, or it is about money
 * @param key of its words
 */
public record NoticeChoice(NoticeKind kind, boolean urgent, String key) {
    public NoticeChoice {
        requireNonNull(kind, "kind is null");
        requireNonNull(key, "key is null");
    }

    static NoticeChoice urgent(NoticeKind kind, String key) {
        return new NoticeChoice(kind, true, key);
    }

    static NoticeChoice calm(NoticeKind kind, String key) {
        return new NoticeChoice(kind, false, key);
    }
}

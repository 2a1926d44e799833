package dev.octroi.notice.words;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What notices are about, as travellers choose among them. */
public enum NoticeKind {
    /** Volume and limits: near, reached, and what a rule does. */
    USAGE,
    /** Use that is not normal, destinations that are known to be bad, another device, and what support found. */
    UNUSUAL,
    /** Data is slowed, stopped or back for another reason. */
    DATA,
    /** Prices at arrival, and what is charged beyond the volume. */
    MONEY,
    /** The plan begins, renews and ends; volume is given or expires. */
    PLAN;

    /** The stable word of pages and APIs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a word; empty when it is none. */
    public static Optional<NoticeKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}

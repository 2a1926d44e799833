package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

/**
 * What people write: a reason, a note. It is counted as the contracts and the database count it, in characters (code points), not
 * in the units of UTF-16 in which an emoji is two.
 */
public final class Words {
    /** Most characters of a reason. */
    public static final int MAX_REASON = 200;

    private Words() {}

    /**
     * The reason, if it has something to read and at most {@link #MAX_REASON} characters.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static String reason(String text) {
        return between(text, MAX_REASON, "a reason");
    }

    /**
     * The text, if it has something to read and at most so many characters.
     *
     * @param what what it is called in the message of the exception
     * @throws IllegalArgumentException otherwise
     */
    static String between(String text, int max, String what) {
        requireNonNull(text, what + " is null");
        if (text.isBlank() || text.codePointCount(0, text.length()) > max) {
            throw new IllegalArgumentException(what + " has 1 to " + max + " characters");
        }
        return text;
    }

    /** The first characters of a text, at most so many; none is cut in two. */
    public static String atMost(String text, int max) {
        return text.codePointCount(0, text.length()) > max ? text.substring(0, text.offsetByCodePoints(0, max)) : text;
    }
}

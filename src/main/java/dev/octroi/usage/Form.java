package dev.octroi.usage;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The form of a text that a record brings. What a person is told is a regular expression; what is run is not: it takes a
 * tenth of the time.
 *
 * @param expression what fits, as a regular expression
 * @param check decides the same
 */
record Form(String expression, Predicate<String> check) {
    private static final int ASCII = 128;

    /**
     * So many characters of one class.
     *
     * @param characters a class of ASCII characters of a regular expression, such as {@code [0-9]}
     */
    static Form of(String characters, int min, int max) {
        Pattern one = Pattern.compile(characters);
        boolean[] fits = new boolean[ASCII];
        for (char c = 0; c < ASCII; c++) {
            fits[c] = one.matcher(String.valueOf(c)).matches();
        }
        return new Form(characters + "{" + min + "," + max + "}", text -> isOf(text, fits, min, max));
    }

    boolean fits(String text) {
        return check.test(text);
    }

    private static boolean isOf(String text, boolean[] fits, int min, int max) {
        int length = text.length();
        if (length < min || length > max) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ASCII || !fits[c]) {
                return false;
            }
        }
        return true;
    }
}

package dev.octroi.usage;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Reads the form of a time that machines write, {@code 2026-11-29T08:00:00.123456Z}: some twenty times as fast as a parser
 * that knows all forms. Pure.
 */
public final class UtcTime {
    /** The text is of another form, or no time. */
    public static final long OTHER_FORM = Long.MIN_VALUE;

    private static final String FORM = "dddd-dd-ddTdd:dd:dd";
    private static final int MAX_FRACTION = 9;
    private static final int MILLIS_DIGITS = 3;
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private UtcTime() {}

    /** Milliseconds since 1970, what is finer cut off; {@link #OTHER_FORM} where another reader has to look. */
    public static long millis(String text) {
        int last = text.length() - 1;
        if (last < FORM.length()
                || last > FORM.length() + 1 + MAX_FRACTION
                || text.charAt(last) != 'Z'
                || !hasForm(text)) {
            return OTHER_FORM;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        // Such as a leap second: what there is not is the other reader's to refuse.
        boolean isDay = month >= 1 && month <= 12 && YearMonth.of(year, month).isValidDay(day);
        if (!isDay || hour > 23 || minute > 59 || second > 59) {
            return OTHER_FORM;
        }
        long millis = fraction(text, last);
        return millis < 0
                ? OTHER_FORM
                : LocalDate.of(year, month, day).toEpochDay() * MILLIS_PER_DAY
                        + ((hour * 60L + minute) * 60 + second) * 1_000
                        + millis;
    }

    private static boolean hasForm(String text) {
        for (int i = 0; i < FORM.length(); i++) {
            char form = FORM.charAt(i);
            if (form == 'd' ? !isDigit(text.charAt(i)) : form != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Milliseconds of what stands between the seconds and the end; negative where it is no fraction. */
    private static long fraction(String text, int end) {
        int at = FORM.length();
        if (at == end) {
            return 0;
        }
        if (text.charAt(at) != '.' || at + 1 == end) {
            return -1;
        }
        long millis = 0;
        for (int i = at + 1; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            millis = i <= at + MILLIS_DIGITS ? millis * 10 + text.charAt(i) - '0' : millis;
        }
        for (int digits = end - at - 1; digits < MILLIS_DIGITS; digits++) {
            millis *= 10;
        }
        return millis;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

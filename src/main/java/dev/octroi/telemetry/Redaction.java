package dev.octroi.telemetry;

import java.util.regex.Pattern;

/**
 * Blackens what looks like a subscriber's identifier in free text: ICCID (89 and 17 or 18 digits), EID (32 digits),
 * IMSI, IMEI and MSISDN (14 to 16 digits), activation codes. Code must not put them there in the first place; this is
 * for messages of libraries, which repeat what they were given.
 */
public final class Redaction {
    private static final Pattern DIGITS = Pattern.compile("(?<![0-9A-Za-z.])[0-9]{14,32}[Ff]?(?![0-9A-Za-z])");
    private static final Pattern ACTIVATION_CODE = Pattern.compile("(?:LPA:)?1\\$[^$\\s\"']{1,253}\\$[0-9A-Za-z$.-]*");

    /** Digits of the shortest number that is looked for. */
    private static final int SHORTEST = 14;

    private Redaction() {}

    /** The text with every such run replaced by {@code [redacted]}. */
    public static String redact(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String withoutCodes =
                text.indexOf('$') < 0 ? text : ACTIVATION_CODE.matcher(text).replaceAll("[redacted]");
        return holdsNumber(withoutCodes) ? DIGITS.matcher(withoutCodes).replaceAll("[redacted]") : withoutCodes;
    }

    /** Whether there are so many digits in a row at all: hardly any line has them, and every line is looked at. */
    private static boolean holdsNumber(String text) {
        int digits = 0;
        for (int i = 0; i < text.length() && digits < SHORTEST; i++) {
            char character = text.charAt(i);
            digits = character >= '0' && character <= '9' ? digits + 1 : 0;
        }
        return digits >= SHORTEST;
    }
}

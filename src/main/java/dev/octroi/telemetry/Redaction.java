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

    private Redaction() {}

    /** The text with every such run replaced by {@code [redacted]}. */
    public static String redact(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String withoutCodes =
                text.indexOf('$') < 0 ? text : ACTIVATION_CODE.matcher(text).replaceAll("[redacted]");
        return DIGITS.matcher(withoutCodes).replaceAll("[redacted]");
    }
}

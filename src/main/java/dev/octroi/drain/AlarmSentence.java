package dev.octroi.drain;

import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;

/** One sentence a traveller understands, in English, French or Chinese. */
public final class AlarmSentence {
    private static final String BUNDLE = "dev.octroi.drain.sentences";
    private static final ResourceBundle.Control NO_DEFAULT_LOCALE =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    private static final double BYTES_PER_MB = 1_000_000;
    private static final double BYTES_PER_GB = 1_000_000_000;

    private AlarmSentence() {}

    /**
     * Says kind, since when, how much against how much, and the main reason.
     *
     * @param locale English for every language but French and Chinese; times are UTC
     */
    public static String of(Verdict.Alarm alarm, Locale locale) {
        return of(alarm, locale, ZoneOffset.UTC);
    }

    /** As {@link #of(Verdict.Alarm, Locale)}, with the time of day in the traveller's own offset. */
    public static String of(Verdict.Alarm alarm, Locale locale, ZoneOffset offset) {
        ResourceBundle words = words(locale);
        DateTimeFormatter since = DateTimeFormatter.ofPattern(words.getString("since"), locale);
        String own = "sentence." + alarm.kind().word();
        String sentence = format(
                words.getString(words.containsKey(own) ? own : "sentence"),
                locale,
                words.getString("kind." + alarm.kind().word()),
                since.format(Instant.ofEpochSecond(alarm.sinceEpochSeconds()).atOffset(offset)),
                volume(alarm.observedBytes(), locale),
                volume(alarm.expectedBytes().highBytes(), locale),
                words.getString("category." + alarm.category().word()));
        if (alarm.reasons().isEmpty()) {
            return sentence;
        }
        return sentence + why(alarm.reasons().getFirst().key(), locale);
    }

    /** A kind of drain in words; {@code unknown} for one that has none. */
    public static String kind(String word, Locale locale) {
        ResourceBundle words = words(locale);
        return words.getString(words.containsKey("kind." + word) ? "kind." + word : "kind.unknown");
    }

    /** A reason as a sentence that follows another one; nothing for one that has no words. */
    public static String why(String key, Locale locale) {
        ResourceBundle words = words(locale);
        return words.containsKey(key) ? format(words.getString("why"), locale, words.getString(key)) : "";
    }

    private static ResourceBundle words(Locale locale) {
        return ResourceBundle.getBundle(BUNDLE, locale, NO_DEFAULT_LOCALE);
    }

    private static String format(String pattern, Locale locale, Object... arguments) {
        return new MessageFormat(pattern, locale).format(arguments);
    }

    private static String volume(long bytes, Locale locale) {
        if (bytes >= BYTES_PER_GB) {
            return String.format(locale, "%.1f GB", bytes / BYTES_PER_GB)
                    .replace(" GB", unit(locale, " GB", "\u00a0Go"));
        }
        String pattern = bytes >= 10 * BYTES_PER_MB ? "%.0f MB" : "%.1f MB";
        return String.format(locale, pattern, bytes / BYTES_PER_MB).replace(" MB", unit(locale, " MB", "\u00a0Mo"));
    }

    private static String unit(Locale locale, String international, String french) {
        return locale.getLanguage().equals("fr") ? french : international;
    }
}

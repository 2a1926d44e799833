package dev.octroi.web.selfcare;

import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;

/** The page's words in one language, and its dates and volumes as that language writes them. */
final class Texts {
    private static final String BUNDLE = "dev.octroi.web.selfcare";

    private final Locale locale;
    private final ZoneId zone;
    private final ResourceBundle bundle;

    Texts(Locale locale, ZoneId zone) {
        this.locale = locale;
        this.zone = zone;
        this.bundle = ResourceBundle.getBundle(
                BUNDLE, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    Locale locale() {
        return locale;
    }

    ZoneId zone() {
        return zone;
    }

    String get(String key) {
        return bundle.getString(key);
    }

    boolean has(String key) {
        return bundle.containsKey(key);
    }

    String get(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }

    /** A country in the page's language; another zone by the name it has. */
    String place(String zone, String name) {
        return zone.length() == 2 ? Locale.of("", zone).getDisplayCountry(locale) : name;
    }

    /** A volume in MB or GB, powers of ten, as on the label. */
    String volume(long bytes) {
        String unit = get("unit.byte");
        if (bytes < 1_000_000) {
            return String.format(locale, "%d k%s", bytes / 1_000, unit);
        }
        if (bytes < 1_000_000_000) {
            return String.format(locale, "%d M%s", bytes / 1_000_000, unit);
        }
        return String.format(locale, "%.2f G%s", bytes / 1e9, unit);
    }

    /** A speed as sold: kbit/s below one Mbit/s. */
    String speed(int kbps) {
        return kbps < 1_000
                ? String.format(locale, "%d kbit/s", kbps)
                : String.format(locale, "%.4g Mbit/s", kbps / 1_000.0).replaceAll("[.,]0+ ", " ");
    }

    /** Today only the time, else also the day; in the traveller's zone. */
    String moment(Instant at, Instant now) {
        boolean sameDay = at.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
        DateTimeFormatter format = sameDay
                ? DateTimeFormatter.ofPattern("HH:mm", locale)
                : DateTimeFormatter.ofPattern(get("date.moment"), locale);
        return format.withLocale(locale).withZone(zone).format(at);
    }
}

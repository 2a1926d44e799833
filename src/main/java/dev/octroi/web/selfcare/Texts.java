package dev.octroi.web.selfcare;

import dev.octroi.catalog.Units;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;

/** The page's words in one language, and its dates and volumes as that language writes them. */
final class Texts {
    private static final String BUNDLE = "dev.octroi.web.selfcare";

    private final Locale locale;
    private final ZoneId zone;
    private final Units units;
    private final ResourceBundle bundle;

    Texts(Locale locale, ZoneId zone) {
        this.locale = locale;
        this.zone = zone;
        this.units = new Units(locale);
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

    /** A volume in MB or GB, powers of ten; rounded down as on the label: never more than there is. */
    String volume(long bytes) {
        return units.volume(bytes);
    }

    /** A speed as sold: kbit/s below one Mbit/s. */
    String speed(int kbps) {
        return units.speed(kbps);
    }

    /** Today only the time, else also the day, and the year where it is another one; in the traveller's zone. */
    String moment(Instant at, Instant now) {
        LocalDate day = at.atZone(zone).toLocalDate();
        LocalDate today = now.atZone(zone).toLocalDate();
        String pattern;
        if (day.equals(today)) {
            pattern = "HH:mm";
        } else {
            pattern = get(day.getYear() == today.getYear() ? "date.moment" : "date.moment.year");
        }
        return DateTimeFormatter.ofPattern(pattern, locale).withZone(zone).format(at);
    }
}

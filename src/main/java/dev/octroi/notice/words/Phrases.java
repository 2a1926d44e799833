package dev.octroi.notice.words;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.Money;
import dev.octroi.catalog.Units;
import java.text.MessageFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/** The words of notices in one language, and figures and times as that language writes them. */
final class Phrases {
    private static final String BUNDLE = "dev.octroi.notice.notices";

    private final Locale locale;
    private final ZoneId zone;
    private final Units units;
    private final ResourceBundle bundle;

    Phrases(Locale locale, ZoneId zone) {
        this.locale = requireNonNull(locale, "locale is null");
        this.zone = requireNonNull(zone, "zone is null");
        this.units = new Units(locale);
        this.bundle = ResourceBundle.getBundle(
                BUNDLE, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    String get(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }

    /** The words of a key, or of the family's {@code other} where there are none. */
    String of(String family, String word) {
        String key = family + "." + word;
        return bundle.getString(bundle.containsKey(key) ? key : family + ".other");
    }

    /** The words of a dotted name, or of what is before its first dot, or of the family's {@code other}. */
    String ofFamily(String family, String name) {
        boolean isKnown = bundle.containsKey(family + "." + name) || name.indexOf('.') < 0;
        return of(family, isKnown ? name : name.substring(0, name.indexOf('.')));
    }

    /** Each word's own, with what this language puts between. */
    String all(String family, List<String> words) {
        return String.join(
                bundle.getString("between"),
                words.stream().map(word -> of(family, word)).toList());
    }

    /** A volume in powers of ten, as on the label; rounded down, so that no more is promised than there is. */
    String volume(long bytes) {
        return units.volume(bytes);
    }

    /** A speed as sold. */
    String speed(long kbps) {
        return units.speed(kbps);
    }

    /** An amount with its currency; as it came where it is none. */
    String money(String amount, String currency) {
        return Money.told(amount, currency, locale);
    }

    /** A country by its name. */
    String country(String code) {
        return Locale.of("", code).getDisplayCountry(locale);
    }

    /** A moment by the traveller's clock, with the year and the zone. */
    String moment(Instant at) {
        return DateTimeFormatter.ofPattern(bundle.getString("date.moment"), locale)
                .withZone(zone)
                .format(at);
    }

    /** The same of a moment as JSON has it; as it came where it is none. */
    String moment(String at) {
        try {
            return moment(Instant.parse(at));
        } catch (DateTimeException e) {
            return at;
        }
    }

    /** How people call the traveller's zone. */
    String zone() {
        return zone.getId().replace('_', ' ');
    }
}

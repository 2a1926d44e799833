package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.Locale;

/**
 * Volumes and speeds as a language writes them, in powers of ten.
 *
 * @param locale the language: French says {@code Go} and keeps a number and its unit on one line
 */
public record Units(Locale locale) {
    private static final long KILO = 1_000;
    private static final long MEGA = 1_000_000;
    private static final long GIGA = 1_000_000_000;
    private static final int GIGA_PLACES = 9;
    private static final int SHOWN_PLACES = 2;

    public Units {
        requireNonNull(locale, "locale is null");
    }

    /** A volume that is used or left, for example {@code 820 MB} or {@code 1.50 GB}; rounded down, never more than there is. */
    public String volume(long bytes) {
        if (bytes < MEGA) {
            return number(bytes / KILO, 0, 0) + space() + "k" + octet();
        }
        if (bytes < GIGA) {
            return number(bytes / MEGA, 0, 0) + space() + "M" + octet();
        }
        return number(BigDecimal.valueOf(bytes, GIGA_PLACES), SHOWN_PLACES, SHOWN_PLACES) + space() + "G" + octet();
    }

    /** A speed as sold: kbit/s below one Mbit/s. */
    public String speed(long kbps) {
        return kbps < KILO
                ? number(kbps, 0, 0) + space() + "kbit/s"
                : number(BigDecimal.valueOf(kbps, 3), 0, 3) + space() + "Mbit/s";
    }

    /** What stands between a number and its unit. */
    String space() {
        return isFrench() ? "\u00a0" : " ";
    }

    /** How the language abbreviates the byte. */
    String octet() {
        return isFrench() ? "o" : "B";
    }

    private boolean isFrench() {
        return locale.getLanguage().equals("fr");
    }

    private String number(Number value, int leastPlaces, int mostPlaces) {
        NumberFormat format = NumberFormat.getNumberInstance(locale);
        format.setGroupingUsed(false);
        format.setRoundingMode(RoundingMode.DOWN);
        format.setMinimumFractionDigits(leastPlaces);
        format.setMaximumFractionDigits(mostPlaces);
        return format.format(value);
    }
}

package dev.octroi.notice.words;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.Locale;

/**
 * Whom a notice is for.
 *
 * @param language English, French or Chinese
 * @param zone the traveller's time zone: whose clock the notice goes by
 * @param planName as sold, so that who has two knows which it is about
 */
public record Reader(Locale language, ZoneId zone, String planName) {
    public Reader {
        requireNonNull(language, "language is null");
        requireNonNull(zone, "zone is null");
        requireNonNull(planName, "planName is null");
    }
}

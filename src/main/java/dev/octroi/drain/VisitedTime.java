package dev.octroi.drain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The time of day where a record was used. People sleep by the clock of the country they are in, whatever zone their account
 * was ordered with.
 */
public final class VisitedTime {
    private static final int SECONDS_PER_MINUTE = 60;
    private static final Map<String, List<ZoneRules>> BY_COUNTRY = read();

    private VisitedTime() {}

    /**
     * Local time less UTC, minutes. In a country with several times of day it is the account's, when that is one of them, else
     * the time where most people live; in a country that is not known it is the account's.
     *
     * @param country ISO 3166-1 alpha-2 code, or {@code ZZ}
     * @param account zone of the account
     */
    public static int offsetMinutes(String country, ZoneId account, Instant at) {
        int own = offset(account.getRules(), at);
        List<ZoneRules> local = BY_COUNTRY.getOrDefault(country, List.of());
        for (ZoneRules each : local) {
            if (offset(each, at) == own) {
                return own;
            }
        }
        return local.isEmpty() ? own : offset(local.getFirst(), at);
    }

    /** The account's zone where it has the same time of day then, else the time of the country as it is then. */
    public static ZoneId zone(String country, ZoneId account, Instant at) {
        int minutes = offsetMinutes(country, account, at);
        return minutes == offset(account.getRules(), at)
                ? account
                : ZoneOffset.ofTotalSeconds(minutes * SECONDS_PER_MINUTE);
    }

    /** Whether the time of day in a country is known. */
    static boolean knows(String country) {
        return BY_COUNTRY.containsKey(country);
    }

    private static int offset(ZoneRules rules, Instant at) {
        return rules.getOffset(at).getTotalSeconds() / SECONDS_PER_MINUTE;
    }

    private static Map<String, List<ZoneRules>> read() {
        Properties properties = new Properties();
        try (InputStream in = VisitedTime.class.getResourceAsStream("zones.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, List<ZoneRules>> byCountry = new HashMap<>();
        properties.forEach((country, zones) -> byCountry.put(
                (String) country,
                Stream.of(((String) zones).split(" "))
                        .map(zone -> ZoneId.of(zone).getRules())
                        .toList()));
        return Map.copyOf(byCountry);
    }
}

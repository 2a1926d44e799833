package dev.octroi.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.usage.Countries;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clock by which a traveller sleeps. */
class VisitedTimeTest {
    private static final Instant WINTER = Instant.parse("2026-01-15T12:00:00Z");
    private static final Instant SUMMER = Instant.parse("2026-07-15T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "JP, UTC, 540, 540",
        "TH, Europe/Paris, 420, 420",
        "FR, Asia/Tokyo, 60, 120",
        "IN, UTC, 330, 330",
        "XK, UTC, 60, 120",
        "US, Europe/Paris, -300, -240",
        "US, America/Los_Angeles, -480, -420",
        "US, US/Pacific, -480, -420",
        "AU, Australia/Perth, 480, 480",
        "AU, UTC, 660, 600",
        "ES, Atlantic/Canary, 0, 60",
        "ZZ, Asia/Tokyo, 540, 540",
    })
    void aRecordIsOfTheTimeWhereItWasUsed(String country, String account, int winter, int summer) {
        ZoneId zone = ZoneId.of(account);
        assertThat(VisitedTime.offsetMinutes(country, zone, WINTER)).isEqualTo(winter);
        assertThat(VisitedTime.offsetMinutes(country, zone, SUMMER)).isEqualTo(summer);
    }

    @Test
    void eachCountryOfANetworkHasATime() {
        for (int mcc = 200; mcc < 800; mcc++) {
            String country = Countries.of(mcc + "-01");
            assertThat(country.equals(Countries.NONE) || VisitedTime.knows(country))
                    .as("%d: %s", mcc, country)
                    .isTrue();
        }
    }
}

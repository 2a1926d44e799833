package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** How the page writes numbers and moments. */
class TextsTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final Instant NOW = Instant.parse("2026-11-30T11:00:00Z");

    private final Texts english = new Texts(Locale.ENGLISH, PARIS);
    private final Texts french = new Texts(Locale.FRENCH, PARIS);
    private final Texts chinese = new Texts(Locale.CHINESE, PARIS);

    @Test
    void neverMoreIsSaidToBeLeftThanThereIs() {
        assertThat(english.volume(1_999_999_999)).isEqualTo("1.99 GB");
        assertThat(english.volume(2_000_000_000)).isEqualTo("2.00 GB");
        assertThat(english.volume(999_999_999)).isEqualTo("999 MB");
        assertThat(english.volume(999)).isEqualTo("0 kB");
        assertThat(french.volume(1_500_000_000)).isEqualTo("1,50\u00a0Go");
        assertThat(chinese.volume(5_000_000)).isEqualTo("5 MB");
    }

    @Test
    void speedsHaveNoMorePlacesThanTheyNeed() {
        assertThat(english.speed(512)).isEqualTo("512 kbit/s");
        assertThat(english.speed(1_000)).isEqualTo("1 Mbit/s");
        assertThat(english.speed(1_500)).isEqualTo("1.5 Mbit/s");
        assertThat(french.speed(1_500)).isEqualTo("1,5\u00a0Mbit/s");
        assertThat(english.speed(12_345)).isEqualTo("12.345 Mbit/s");
        assertThat(english.speed(100_000)).isEqualTo("100 Mbit/s");
    }

    @Test
    void aMomentOfAnotherYearNamesIt() {
        assertThat(english.moment(Instant.parse("2026-11-30T13:00:00Z"), NOW)).isEqualTo("14:00");
        assertThat(english.moment(Instant.parse("2026-12-01T13:00:00Z"), NOW)).isEqualTo("Tue 1 Dec 14:00");
        assertThat(english.moment(Instant.parse("2027-11-30T13:00:00Z"), NOW)).isEqualTo("Tue 30 Nov 2027 14:00");
        assertThat(french.moment(Instant.parse("2027-11-30T13:00:00Z"), NOW)).contains("2027");
        assertThat(chinese.moment(Instant.parse("2027-11-30T13:00:00Z"), NOW)).isEqualTo("2027年11月30日 14:00");
    }

    @Test
    void oneIsNotSaidAsMany() {
        assertThat(english.get("rule.minutes", 1)).isEqualTo("1 minute of use");
        assertThat(english.get("rule.minutes", 30)).isEqualTo("30 minutes of use");
        assertThat(english.get("rule.rolling", 1)).isEqualTo("any hour");
        assertThat(english.get("rule.rolling", 24)).isEqualTo("any 24 hours");
        assertThat(french.get("rule.rolling", 1)).isEqualTo("1 heure glissante");
        assertThat(french.get("rule.rolling", 24)).isEqualTo("24 heures glissantes");
    }

    @Test
    void chineseSentencesEndAsChineseOnesDo() {
        assertThat(chinese.get("alarm.kind", "流量突然激增")).isEqualTo("流量突然激增。");
        assertThat(chinese.get("normal.not")).endsWith("。");
    }
}

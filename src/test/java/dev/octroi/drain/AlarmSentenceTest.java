package dev.octroi.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class AlarmSentenceTest {
    private static final Verdict.Alarm ALARM = new Verdict.Alarm(
            DrainKind.NIGHT,
            1.4,
            Instant.parse("2026-11-20T00:00:00Z").getEpochSecond(),
            new ByteRange(1_000_000, 20_000_000),
            1_500_000_000,
            1_480_000_000,
            Category.CLOUD,
            "FR",
            List.of(new Reason("N2", 0.8, "reason.night"), new Reason("U3", 0.4, "reason.upload")),
            0.8,
            1,
            false);

    @Test
    void saysKindTimeVolumesAndReasonInThreeLanguages() {
        assertThat(AlarmSentence.of(ALARM, Locale.ENGLISH))
                .contains("while you normally sleep", "20 Nov 00:00", "1.5 GB", "20 MB", "cloud", "normally quiet");
        assertThat(AlarmSentence.of(ALARM, Locale.FRENCH))
                .contains("vos heures de sommeil", "1,5\u00a0Go", "20\u00a0Mo", "le cloud", "normalement calmes");
        assertThat(AlarmSentence.of(ALARM, Locale.SIMPLIFIED_CHINESE)).contains("休息", "11月20日 00:00", "1.5 GB", "云存储");
    }

    @Test
    void aBadDestinationSaysNothingOfVolumes() {
        Verdict.Alarm alarm = new Verdict.Alarm(
                DrainKind.DESTINATION,
                Verdict.ACT,
                ALARM.sinceEpochSeconds(),
                new ByteRange(0, 0),
                2_000,
                2_000,
                Category.WEB,
                "FR",
                List.of(),
                1,
                900_000_001,
                false);
        assertThat(AlarmSentence.of(alarm, Locale.ENGLISH))
                .isEqualTo("A destination known to be bad was reached (since 20 Nov 00:00)."
                        + " An app on the phone may be malware.");
        assertThat(AlarmSentence.of(alarm, Locale.FRENCH))
                .contains("dangereuse", "malveillante")
                .doesNotContain("Mo");
        assertThat(AlarmSentence.of(alarm, Locale.CHINESE))
                .contains("危险目的地", "恶意软件")
                .doesNotContain("MB");
    }

    @Test
    void timesAreLocalWhenTheOffsetIsGiven() {
        assertThat(AlarmSentence.of(ALARM, Locale.ENGLISH, ZoneOffset.ofHours(9)))
                .contains("20 Nov 09:00");
    }

    @Test
    void otherLanguagesReadEnglish() {
        assertThat(AlarmSentence.of(ALARM, Locale.GERMAN)).contains("Main reason");
    }

    @Test
    void everyLanguageHasEveryKey() {
        ResourceBundle english = ResourceBundle.getBundle("dev.octroi.drain.sentences", Locale.ROOT);
        for (Locale locale : List.of(Locale.FRENCH, Locale.CHINESE)) {
            ResourceBundle other = ResourceBundle.getBundle("dev.octroi.drain.sentences", locale);
            Enumeration<String> keys = english.getKeys();
            while (keys.hasMoreElements()) {
                assertThat(other.containsKey(keys.nextElement())).isTrue();
            }
            assertThat(other.keySet()).isEqualTo(english.keySet());
        }
    }

    @Test
    void everyReasonHasWords() {
        ResourceBundle english = ResourceBundle.getBundle("dev.octroi.drain.sentences", Locale.ROOT);
        assertThat(FeatureSpec.ALL)
                .filteredOn(each -> !each.reason().isEmpty())
                .allMatch(each -> english.containsKey("reason." + each.reason()));
    }
}

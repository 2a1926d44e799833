package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.support.SupportCase;
import dev.octroi.web.Html;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a traveller reads of what support made of it. */
class SettledSectionTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:10:00Z");
    private static final String REASON = "Your photos were backed up <all of them>";

    @Test
    void supportsWordsReachTheTravellerInEveryLanguage() {
        assertThat(written("explained", 0, Locale.ENGLISH))
                .contains(
                        "Use while you normally sleep. Support looked into it and settled it (09:10).",
                        "They say: “Your photos were backed up &lt;all of them&gt;”",
                        "Case case_");
        assertThat(written("explained", 0, Locale.FRENCH)).contains("examinée et close", "Your photos were");
        assertThat(written("explained", 0, Locale.CHINESE)).contains("处理完毕", "Your photos were");
    }

    @Test
    void eachResolutionSaysWhatWasDone() {
        for (Locale language : List.of(Locale.ENGLISH, Locale.FRENCH, Locale.CHINESE)) {
            String unit = language.equals(Locale.FRENCH) ? "900\u00a0Mo" : "900 MB";
            assertThat(written("credited", 900_000_000, language)).contains(unit);
            assertThat(written("credited_and_lifted", 900_000_000, language)).contains(unit);
            assertThat(written("lifted", 0, language)).doesNotContain("0 k");
        }
        assertThat(written("lifted", 0, Locale.ENGLISH)).contains("let your data go on");
    }

    @Test
    void itIsShownForTwoWeeks() {
        assertThat(SettledSection.isShown(settled("explained", 0), NOW.plus(Duration.ofDays(13))))
                .isTrue();
        assertThat(SettledSection.isShown(settled("explained", 0), NOW.plus(Duration.ofDays(14))))
                .isFalse();
    }

    private static String written(String resolution, long bytes, Locale language) {
        Html html = new Html();
        new SettledSection(settled(resolution, bytes), new Texts(language, ZoneOffset.UTC)).write(html, NOW);
        return html.toString();
    }

    static SupportCase settled(String resolution, long bytes) {
        return new SupportCase(
                1,
                300,
                256,
                OptionalLong.of(7),
                OptionalInt.of(1),
                "night",
                "resolved",
                "",
                "drain-detector",
                NOW.minus(Duration.ofDays(1)),
                resolution,
                bytes,
                false,
                null,
                REASON,
                "support:ada",
                NOW);
    }
}

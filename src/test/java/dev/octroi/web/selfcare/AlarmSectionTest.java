package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Views;
import dev.octroi.support.Alarm;
import dev.octroi.web.Html;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a traveller reads of unusual use, and what may be answered. */
class AlarmSectionTest {
    private static final Instant NOW = Instant.parse("2026-11-23T04:10:00Z");

    @Test
    void theFormNamesTheAlarmThatItAnswers() {
        assertThat(written(Optional.empty()))
                .contains("<button")
                .contains("<input type=hidden name=incident value=7>")
                .doesNotContain("Thank you");
    }

    @Test
    void afterAnAnswerThePageThanksAndAsksNoMore() {
        assertThat(written(Optional.of(true))).contains("Thank you").doesNotContain("<button", "<form");
        assertThat(written(Optional.of(false))).contains("Thank you").doesNotContain("<button", "<form");
    }

    @Test
    void kindCategoryAndReasonAreSaidInThePagesLanguage() {
        assertThat(written(Optional.empty()))
                .contains("Use while you normally sleep. Since ", "Mostly: cloud and photo backup. Main reason: ")
                .contains("data in hours that are normally quiet.");
        Html html = new Html();
        PageFrame frame = new PageFrame(new Texts(Locale.FRENCH, ZoneOffset.UTC), "/s/x", "c");
        new AlarmSection(alarm(Optional.empty(), NOW), frame).write(html, NOW);
        assertThat(html.toString())
                .contains("Surtout : cloud et sauvegarde de photos.")
                .doesNotContain("Mostly");
    }

    @Test
    void anAlarmOfLongAgoSaysNothingOfToday() {
        AccountView account = Views.of(state(), null, NOW, null, null);
        assertThat(AlarmSection.isShown(alarm(Optional.of(true), NOW.minus(Duration.ofDays(2))), account))
                .isTrue();
        assertThat(AlarmSection.isShown(alarm(Optional.of(true), NOW.minus(Duration.ofDays(4))), account))
                .isFalse();
        assertThat(AlarmSection.isShown(alarm(Optional.empty(), NOW.minus(Duration.ofDays(4))), account))
                .isTrue();
        assertThat(AlarmSection.isShown(alarm(Optional.empty(), NOW.minus(Duration.ofDays(15))), account))
                .isFalse();
    }

    private static AccountState state() {
        return AccountFixture.begun(
                new Decider(DrainDetector.shipped(), Population.shipped()), AccountFixture.france(), NOW);
    }

    private static String written(Optional<Boolean> meant) {
        Html html = new Html();
        new AlarmSection(alarm(meant, NOW), new PageFrame(new Texts(Locale.ENGLISH, ZoneOffset.UTC), "/s/x", "c"))
                .write(html, NOW);
        return html.toString();
    }

    private static Alarm alarm(Optional<Boolean> meant, Instant updatedAt) {
        return new Alarm(
                1,
                300,
                256,
                7,
                "night",
                "cloud",
                "FR",
                NOW,
                0,
                1_000_000,
                200_000_000,
                199_000_000,
                new JsonArray()
                        .add(new JsonObject()
                                .put("feature", "N1")
                                .put("weight", 0.4)
                                .put("key", "reason.night")),
                1.2,
                0.9,
                "open",
                "suspend",
                meant,
                new JsonObject(),
                NOW,
                updatedAt,
                OptionalLong.empty());
    }
}

package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.DrainHold;
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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a traveller reads of unusual use, and what may be answered. */
class AlarmSectionTest {
    private static final Instant NOW = Instant.parse("2026-11-23T04:10:00Z");

    private static final int DESTINATION = DrainHold.destinationIncident(494_188);

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
    }

    /** Whoever says "not me" hears what to do, has data on again once it is removed, and can take a slip of the thumb back. */
    @Test
    void afterNotMeThereIsAWayBack() {
        assertThat(written(Optional.of(false)))
                .contains(
                        "Thank you",
                        "which app uses data",
                        "<button class=quiet name=meant value=true>It was me after all")
                .doesNotContain("value=removed", "value=false");
        Alarm answered = alarm(Optional.of(false), NOW);
        assertThat(written(answered, held("drain:7"), Locale.ENGLISH))
                .contains("<button name=meant value=removed>I removed it: data on again", "It was me after all");
        assertThat(written(answered, held("drain:7"), Locale.FRENCH)).contains("rétablir les données");
        assertThat(written(answered, held("drain:7"), Locale.CHINESE)).contains("我已删除该应用");
        Alarm wentOn = alarm(Optional.of(false), NOW, "open", new JsonObject().put("wentOn", true));
        assertThat(written(wentOn, held("drain:7"), Locale.ENGLISH))
                .contains("It went on after you had data on again", "It was me after all")
                .doesNotContain("value=removed");
    }

    @Test
    void kindCategoryAndReasonAreSaidInThePagesLanguage() {
        assertThat(written(Optional.empty()))
                .contains("Use while you normally sleep. Since ", "Mostly: cloud and photo backup. Main reason: ")
                .contains("data in hours that are normally quiet.");
        assertThat(written(Optional.empty()))
                .as("on the first day it is that of plans like it")
                .contains("would be normal.")
                .doesNotContain("for you");
        assertThat(written(alarm(Optional.empty(), NOW), account(), Locale.FRENCH))
                .contains("Surtout\u00a0: cloud et sauvegarde de photos.")
                .doesNotContain("Mostly");
    }

    @Test
    void anAlarmOfLongAgoSaysNothingOfToday() {
        AccountView account = account();
        assertThat(AlarmSection.isShown(alarm(Optional.of(true), NOW.minus(Duration.ofDays(2))), account))
                .isTrue();
        assertThat(AlarmSection.isShown(alarm(Optional.of(true), NOW.minus(Duration.ofDays(4))), account))
                .isFalse();
        assertThat(AlarmSection.isShown(alarm(Optional.empty(), NOW.minus(Duration.ofDays(4))), account))
                .isTrue();
        assertThat(AlarmSection.isShown(alarm(Optional.empty(), NOW.minus(Duration.ofDays(15))), account))
                .isFalse();
    }

    /** Of a bad destination the volume says nothing: what it may be, and what to do. */
    @Test
    void aBadDestinationSaysWhatToDoAndCanBeAnswered() {
        Alarm destination = destination(Optional.empty());
        assertThat(written(destination, account(), Locale.ENGLISH))
                .contains(
                        "A destination known to be bad was reached. Reached 04:10. An app on the phone may be malware",
                        "name=incident value=" + DESTINATION,
                        "That was me")
                .doesNotContain("would be normal");
        assertThat(written(destination, account(), Locale.FRENCH)).contains("peut-être malveillante\u00a0: supprimez");
        assertThat(written(destination, account(), Locale.CHINESE)).contains("危险目的地。访问时间", "恶意软件：请删除");
        assertThat(AlarmSection.isShown(destination, account())).isTrue();
        // It was known yesterday, and is slowed anew today.
        assertThat(written(destination(Optional.of(true)), held("drain:destination"), Locale.ENGLISH))
                .contains("That was me");
    }

    static Alarm destination(Optional<Boolean> meant) {
        Alarm night = alarm(meant, NOW);
        return new Alarm(
                night.tenantId(),
                night.id(),
                night.subscriptionId(),
                DESTINATION,
                "destination",
                "web",
                "FR",
                NOW,
                0,
                0,
                2_000,
                2_000,
                0,
                new JsonArray(),
                1,
                1,
                "open",
                "notify",
                meant,
                new JsonObject(),
                NOW,
                NOW,
                OptionalLong.empty());
    }

    /** A settlement says what it was; while data stays held the traveller can still say that it was meant. */
    @Test
    void whatIsSettledAndHeldCanStillBeAnswered() {
        for (Optional<Boolean> bySupport : List.of(Optional.<Boolean>empty(), Optional.of(false))) {
            Alarm settled = alarm(bySupport, NOW, bySupport.isEmpty() ? "closed" : "confirmed");
            assertThat(AlarmSection.isShown(settled, account())).isFalse();
            assertThat(AlarmSection.isShown(settled, held("drain:7"))).isTrue();
            assertThat(AlarmSection.isShown(settled, held("drain:70"))).isFalse();
            assertThat(written(settled, held("drain:7"), Locale.ENGLISH))
                    .contains(bySupport.isEmpty() ? "That was me" : "It was me after all", "name=incident value=7")
                    .doesNotContain("Thank you");
        }
    }

    @Test
    void whatARuleOnUnusualUseHoldsIsAskedFor() {
        assertThat(AlarmSection.isShown(alarm(Optional.empty(), NOW.minus(Duration.ofDays(15))), heldByARule()))
                .isTrue();
        assertThat(written(alarm(Optional.of(false), NOW), heldByARule(), Locale.ENGLISH))
                .contains("value=removed");
    }

    private static AccountView heldByARule() {
        Restriction hold = new Restriction(
                "rule:reseller:drain:pause",
                RestrictionClass.FAIR_USE,
                "reseller.alarm",
                Level.SUSPENDED_DATA,
                null,
                "reseller:drain",
                null,
                null,
                NOW,
                new Until.Lifted());
        return Views.of(AccountFixture.restricted(state(), hold, NOW), null, NOW, null, null);
    }

    private static AccountView account() {
        return Views.of(state(), null, NOW, null, null);
    }

    private static AccountView held(String id) {
        Restriction hold = new Restriction(
                id,
                RestrictionClass.DRAIN,
                "drain.night",
                Level.SUSPENDED_DATA,
                null,
                null,
                null,
                null,
                NOW,
                new Until.At(NOW.plus(Duration.ofDays(1))));
        return Views.of(AccountFixture.restricted(state(), hold, NOW), null, NOW, null, null);
    }

    private static AccountState state() {
        return AccountFixture.begun(
                new Decider(DrainDetector.shipped(), Population.shipped()), AccountFixture.france(), NOW);
    }

    private static String written(Optional<Boolean> meant) {
        return written(alarm(meant, NOW), account(), Locale.ENGLISH);
    }

    private static String written(Alarm alarm, AccountView account, Locale language) {
        Html html = new Html();
        PageFrame frame = new PageFrame(new Texts(language, ZoneOffset.UTC), "/s/x", "c");
        new AlarmSection(alarm, account, frame).write(html, NOW);
        return html.toString();
    }

    static Alarm alarm(Optional<Boolean> meant, Instant updatedAt) {
        return alarm(meant, updatedAt, "open");
    }

    private static Alarm alarm(Optional<Boolean> meant, Instant updatedAt, String state) {
        return alarm(meant, updatedAt, state, new JsonObject());
    }

    private static Alarm alarm(Optional<Boolean> meant, Instant updatedAt, String state, JsonObject recent) {
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
                0,
                new JsonArray()
                        .add(new JsonObject()
                                .put("feature", "N1")
                                .put("weight", 0.4)
                                .put("key", "reason.night")),
                1.2,
                0.9,
                state,
                "suspend",
                meant,
                recent,
                NOW,
                updatedAt,
                OptionalLong.empty());
    }
}

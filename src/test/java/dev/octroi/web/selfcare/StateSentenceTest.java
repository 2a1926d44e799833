package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Views;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first sentence says why it is slow, and of what else holds why that does. */
class StateSentenceTest {
    private static final Instant NOON = Instant.parse("2026-11-23T11:00:00Z");
    private static final Instant LATE = Instant.parse("2026-11-23T22:30:00Z");

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private AccountState state = AccountFixture.begun(decider, AccountFixture.france(), NOON);

    @Test
    void slowBecauseTheVolumeIsUsedUpIsNotTheSleepGuards() {
        useUp();
        sleepGuard(new Background(Background.Mode.NIGHT, 0));
        assertThat(sentence(Locale.ENGLISH))
                .startsWith("Slowed to 384 kbit/s since ")
                .contains("because your volume is used up. Full speed returns with a top-up.")
                .contains("Background traffic is blocked, too, because you switched it off. Back at ")
                .contains("07:00");
        assertThat(sentence(Locale.FRENCH)).startsWith("Ralenti").contains("aussi", "recharge");
        assertThat(sentence(Locale.CHINESE)).contains("限速", "也被阻止", "充值");
    }

    @Test
    void blockedCategoriesAreNamedBehindTheSlowness() {
        useUp();
        sleepGuard(new Background(Background.Mode.OFF, 0, List.of("cloud")));
        assertThat(sentence(Locale.ENGLISH))
                .endsWith("with a top-up. Background traffic is blocked, too, because you switched it off."
                        + " It is about: cloud and photo backup.");
    }

    @Test
    void blockedBackgroundTrafficAloneIsNoSlowness() {
        sleepGuard(new Background(Background.Mode.NIGHT, 0));
        assertThat(sentence(Locale.ENGLISH)).startsWith("Working, background traffic is blocked since ");
    }

    /** Nothing works before the plan has begun, however much is left. */
    @ParameterizedTest
    @CsvSource({
        "ON_INSTALL, Ready: 3.00 GB. Your plan begins when you install the eSIM., Votre forfait commence quand, 安装 eSIM 时套餐开始",
        "ON_FIRST_USE, Ready: 3.00 GB. Your plan begins when you first use a network., à la première utilisation, 首次使用网络时套餐开始",
    })
    void aPlanThatWaitsIsReadyAndNotWorking(Validity.StartMode start, String english, String french, String chinese) {
        state = AccountState.fresh(new NewAccount(
                new AccountKey(1, 256),
                512,
                AccountFixture.terms(3 * AccountFixture.GB, new AfterQuota.Stop(), Validity.days(7, start)),
                AccountFixture.PARIS,
                NOON));
        assertThat(sentence(Locale.ENGLISH)).isEqualTo(english);
        assertThat(sentence(Locale.FRENCH)).contains(french);
        assertThat(sentence(Locale.CHINESE)).contains(chinese);
    }

    @Test
    void theSlowAreaIsNamed() {
        decide(
                new AccountCommand.ReportLocation("208-01", "FR", "7501", null, null, NOON, AccountFixture.NETWORK),
                NOON);
        assertThat(sentence(Locale.ENGLISH))
                .contains("because Paris centre has a lower speed. Full speed returns when");
        assertThat(sentence(Locale.FRENCH)).contains("le débit est réduit ici (Paris centre)");
        assertThat(sentence(Locale.CHINESE)).contains("Paris centre 区域限速");
    }

    /** A hold that a person placed has no alarm to answer. */
    @Test
    void aPersonsHoldForADrainIsLookedAtBySupportAlone() {
        decide(new AccountCommand.Suspend(RestrictionClass.DRAIN, false, "drains", AccountFixture.ADMIN), NOON);
        assertThat(sentence(Locale.ENGLISH)).endsWith("not like you. Support looks at it.");
        assertThat(sentence(Locale.FRENCH)).endsWith("Le support s’en occupe.");
        assertThat(sentence(Locale.CHINESE)).endsWith("客服正在处理。");
    }

    @Test
    void whoSuspendedIsNamed() {
        Actor shop = new Actor(Actor.Kind.RESELLER, "shop", "jti-2");
        decide(new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "unpaid", shop), NOON);
        assertThat(sentence(Locale.ENGLISH)).endsWith("because your shop asked for it.");
        state = AccountFixture.begun(decider, AccountFixture.france(), NOON);
        decide(
                new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "unpaid", AccountFixture.ADMIN),
                NOON);
        assertThat(sentence(Locale.ENGLISH)).endsWith("because the network operator asked for it.");
        assertThat(sentence(Locale.FRENCH)).endsWith("car l’opérateur du réseau l’a demandé.");
        assertThat(sentence(Locale.CHINESE)).endsWith("原因：应网络运营商要求。");
    }

    private String sentence(Locale language) {
        return StateSentence.of(Views.of(state, null, LATE, null, null), new Texts(language, AccountFixture.PARIS));
    }

    private void useUp() {
        UsageRecord all = AccountFixture.record("r1", 3 * AccountFixture.GB, NOON.plus(Duration.ofHours(1)));
        decide(new AccountCommand.CountUsage(all, AccountFixture.NETWORK), NOON.plus(Duration.ofHours(1)));
    }

    private void sleepGuard(Background background) {
        decide(new AccountCommand.SetBackground(background, AccountFixture.ADMIN), LATE);
    }

    private void decide(AccountCommand command, Instant at) {
        state = decider.decide(state, command, at).state();
    }
}

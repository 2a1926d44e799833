package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Forecast;
import dev.octroi.quota.account.Grant;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the volume will be used up, of a traveller who has used 10 MB in each hour of two days. */
class ForecasterTest {
    private static final Instant OPENED = Instant.parse("2026-11-23T10:00:00Z");
    private static final Instant NOW = OPENED.plus(Duration.ofHours(48));

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());

    @Test
    void onlyVolumeOfWhereTheTravellerIsCounts() {
        ZoneTariff swiss = new ZoneTariff("CH", "Switzerland", Set.of(), 500 * MB, 30_000L);
        AccountState state = AccountFixture.begun(
                decider,
                plan(240 * MB).with(new Overage("EUR", 10_000, 8_000, 5_000)).with(List.of(swiss)),
                OPENED);
        assertThat(depletesAt(state, null)).isEqualTo(NOW.plus(Duration.ofHours(24)));
        assertThat(depletesAt(state, "CH")).isEqualTo(NOW.plus(Duration.ofHours(74)));
    }

    @Test
    void whatExpiresUnusedIsNotSpentAfterwards() {
        AccountState state = AccountFixture.begun(decider, plan(240 * MB), OPENED);
        Grant pass = new Grant(1_000 * MB, 0, 3, "pass", "three days");
        state = decider.decide(state, new AccountCommand.TopUp(pass, ADMIN), OPENED)
                .state();
        // It has 24 hours to go, in which it is spent first; then the plan's own lasts for 24 hours more.
        assertThat(depletesAt(state, null)).isEqualTo(NOW.plus(Duration.ofHours(48)));
    }

    @Test
    void theEndOfTheLastVolumeIsTheMoment() {
        AccountState state = AccountFixture.begun(decider, plan(240 * MB), OPENED);
        state = AccountFixture.refilled(decider, state, 0, OPENED);
        Grant pass = new Grant(1_000 * MB, 0, 3, "pass", "three days");
        state = decider.decide(state, new AccountCommand.TopUp(pass, ADMIN), OPENED)
                .state();
        assertThat(depletesAt(state, null)).isEqualTo(NOW.plus(Duration.ofHours(24)));
    }

    @Test
    void daysThatWereNotReadAreNoDaysWithoutUse() {
        Instant now = OPENED.plus(Duration.ofDays(60));
        AccountState state = AccountFixture.begun(decider, plan(10_000 * MB, 90), OPENED);
        List<Forecaster.Hour> hours = new ArrayList<>();
        for (Instant hour = now.minus(Forecaster.HISTORY); hour.isBefore(now); hour = hour.plus(1, ChronoUnit.HOURS)) {
            hours.add(new Forecaster.Hour(hour, 40 * MB));
        }
        Forecast forecast = Forecaster.of(state, null, hours, now);
        Instant certain = now.plus(Duration.ofHours(250));
        assertThat(forecast).isNotNull();
        assertThat(forecast.depletesAt()).isEqualTo(certain);
        assertThat(forecast.earliest()).isEqualTo(certain);
        assertThat(forecast.latest()).isEqualTo(certain);
    }

    private static PlanTerms plan(long quotaBytes) {
        return plan(quotaBytes, 30);
    }

    private static PlanTerms plan(long quotaBytes, int days) {
        return AccountFixture.terms(
                quotaBytes, new AfterQuota.Stop(), Validity.days(days, Validity.StartMode.ON_ORDER));
    }

    private static @Nullable Instant depletesAt(AccountState state, @Nullable String zone) {
        List<Forecaster.Hour> hours = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            hours.add(new Forecaster.Hour(OPENED.plus(i, ChronoUnit.HOURS), 10 * MB));
        }
        Forecast forecast = Forecaster.of(state, zone, hours, NOW);
        assertThat(forecast).isNotNull();
        return forecast.depletesAt();
    }
}

package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.ADMIN;
import static dev.octroi.quota.QuotaFixture.GB;
import static dev.octroi.quota.QuotaFixture.MB;
import static dev.octroi.quota.QuotaFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An app that uploads through the night, after two weeks of ordinary days. */
class DrainWatchTest {
    private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private final Random random = new Random(5);
    private final List<Effect> effects = new ArrayList<>();
    private AccountState state = open();
    private int serial;

    @Test
    void uploadThroughTheNightSuspendsAndSupportRestores() {
        ordinaryDays(14);
        assertThat(alarms()).as("false alarms in two ordinary weeks").isEmpty();
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        for (int i = 0; i < 60 && state.policy().level() == Level.NORMAL; i++) {
            use(night.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.policy().reasonCode()).startsWith("drain.");
        Effect.AlarmRaised alarm = alarms().getFirst();
        assertThat(alarm.action()).isEqualTo("suspend");
        assertThat(alarm.alarm().observedBytes())
                .isGreaterThan(alarm.alarm().expectedBytes().highBytes());
        decide(new AccountCommand.TopUp(GB, "p1", "1 GB", ADMIN), night);
        decide(new AccountCommand.Resume(ADMIN), night);
        assertThat(state.policy().level())
                .as("buying or resuming does not feed the leak")
                .isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.Credit(500 * MB, "case-1", "lost to a drain", ADMIN), night);
        decide(new AccountCommand.Lift(null, RestrictionClass.DRAIN, "app removed", ADMIN), night);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    private void ordinaryDays(int days) {
        for (int day = 0; day < days; day++) {
            for (int hour = 8; hour < 23; hour++) {
                Instant at = START.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour - 1));
                use(
                        at.plusSeconds(random.nextInt(3_000)),
                        random.nextLong(MB),
                        MB + random.nextLong(15 * MB),
                        Category.WEB);
            }
        }
    }

    private void use(Instant at, long up, long down, Category category) {
        decide(
                new AccountCommand.CountUsage(
                        new UsageRecord(
                                "net-a",
                                "r" + serial++,
                                UsageRecord.Meaning.DELTA,
                                null,
                                64,
                                at,
                                at,
                                at,
                                up,
                                down,
                                "208-01",
                                "FR",
                                null,
                                "NR",
                                category),
                        NETWORK),
                at);
    }

    private void decide(AccountCommand command, Instant now) {
        Decision decision = decider.decide(state, command, now);
        effects.addAll(decision.effects());
        state = decision.state();
    }

    private List<Effect.AlarmRaised> alarms() {
        return effects.stream()
                .filter(Effect.AlarmRaised.class::isInstance)
                .map(Effect.AlarmRaised.class::cast)
                .toList();
    }

    private AccountState open() {
        AccountState fresh = AccountState.fresh(new NewAccount(
                new AccountKey(1, 256),
                512,
                QuotaFixture.terms(
                        100 * GB,
                        new AfterQuota.Stop(),
                        Validity.days(60, Validity.StartMode.ON_ORDER),
                        DrainPolicy.SUSPEND),
                QuotaFixture.PARIS,
                START));
        return decider.decide(
                        fresh,
                        new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.ORDER, START, ADMIN),
                        START)
                .state();
    }
}

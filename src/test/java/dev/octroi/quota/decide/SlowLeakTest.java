package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A moderate, even flow around the clock, after two weeks of ordinary days. */
class SlowLeakTest {
    private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");
    private static final Instant LEAKS = START.plus(Duration.ofDays(14));
    private static final int EVERY_SECONDS = 600;
    private static final int DAYS = 4;

    private final Decider decider =
            new Decider(DrainDetector.shipped(), at -> Population.shipped(), () -> new BlockList(1, Set.of()));
    private final Random random = new Random(5);
    private final List<Effect> effects = new ArrayList<>();
    private AccountState state = open(DrainPolicy.SUSPEND);
    private int serial;

    @Test
    void theBackgroundTrafficOfALeakIsBlockedBecauseSlowedItWouldGoOnAsBefore() {
        ordinaryDays();
        leakUntilHeld(2 * MB);
        Effect.AlarmRaised alarm = alarms().getLast();
        assertThat(alarm.alarm().kind()).isIn(DrainKind.LEAK, DrainKind.NIGHT);
        assertThat(alarm.action()).isEqualTo("suspend_category");
        assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(state.restrictions()).extracting(each -> each.category()).containsOnly("cloud");
    }

    @Test
    void aPlanThatSlowsAtMostSlowsALeakAsWell() {
        state = open(DrainPolicy.THROTTLE);
        ordinaryDays();
        leakUntilHeld(2 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    private void ordinaryDays() {
        for (int day = 0; day < 14; day++) {
            for (int hour = 7; hour < 22; hour++) {
                Instant at = START.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour));
                use(
                        at.plusSeconds(random.nextInt(3_000)),
                        random.nextLong(MB),
                        1 + random.nextLong(6 * MB),
                        Category.WEB);
            }
        }
        assertThat(alarms()).as("false alarms in two ordinary weeks").isEmpty();
    }

    private void leakUntilHeld(long bytes) {
        Instant end = LEAKS.plus(Duration.ofDays(DAYS));
        for (Instant at = LEAKS;
                at.isBefore(end) && state.policy().level() == Level.NORMAL;
                at = at.plusSeconds(EVERY_SECONDS)) {
            use(at, bytes, bytes / 10, Category.CLOUD);
        }
        assertThat(state.policy().level()).isNotEqualTo(Level.NORMAL);
    }

    private void use(Instant at, long up, long down, Category category) {
        Decision decision = decider.decide(
                state,
                new AccountCommand.CountUsage(AccountFixture.traffic("r" + serial++, at, up, down, category), NETWORK),
                at);
        effects.addAll(decision.effects());
        state = decision.state();
    }

    private List<Effect.AlarmRaised> alarms() {
        return effects.stream()
                .filter(Effect.AlarmRaised.class::isInstance)
                .map(Effect.AlarmRaised.class::cast)
                .toList();
    }

    private AccountState open(DrainPolicy policy) {
        PlanTerms terms = AccountFixture.terms(
                100 * GB, new AfterQuota.Stop(), Validity.days(60, Validity.StartMode.ON_ORDER), policy);
        return AccountFixture.begun(decider, terms, START);
    }
}

package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.ClockTrust;
import dev.octroi.db.ClockWatch;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.Midnight;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway whose clock is set wrong while it runs: what it would end does not come back. */
class WrongClockTest {
    private static QuotaFixture fixture;
    private final AtomicReference<Duration> wrongBy = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(wrongBy.get());
    private final ClockWatch watch = new ClockWatch(fixture.vertx, fixture.database, clock, System::nanoTime);

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void now() {
        fixture.now.set(Instant.now());
        await(watch.look());
    }

    @Test
    void whatGatewaysDoInTurnsGoesByOneClockThoughOneOfTheirsIsWrong() {
        InstantSource shared = watch.shared();
        wrongBy.set(Duration.ofMillis(-200));
        assertThat(Duration.between(shared.instant(), Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(200));

        for (Duration wrong : List.of(Duration.ofMinutes(3), Duration.ofMinutes(-3), Duration.ofDays(400))) {
            wrongBy.set(wrong);
            assertThat(shared.instant())
                    .as("%s", wrong)
                    .isBetween(Instant.now().minusSeconds(30), Instant.now().plusSeconds(30));
        }
    }

    @Test
    void clockFarAheadEndsNoPlanAndRecordsCountIntoTodayOnceItIsRight() throws Exception {
        Midnight.notDuringTheTestIn(AccountFixture.PARIS);
        Accounts accounts = accounts(watch);
        AccountKey key = fixture.open(AccountFixture.france());
        assertThat(await(accounts.submit(key, record("before")))).isInstanceOf(Outcome.Accepted.class);
        TickJob ticks = new TickJob(fixture.vertx, fixture.database, accounts, clock, watch);

        wrongBy.set(Duration.ofDays(400));
        assertThat(await(ticks.tick())).isZero();
        assertThat(await(accounts.submit(key, record("ahead"))))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(Refusal.BUSY));

        wrongBy.set(Duration.ZERO);
        Outcome counted = await(accounts.submit(key, record("right")));
        assertThat(counted).isInstanceOfSatisfying(Outcome.Accepted.class, accepted -> {
            assertThat(accepted.account().todayBytes()).isEqualTo(2_000);
            assertThat(accepted.account().restrictions()).isEmpty();
        });
        assertThat(fixture.number("SELECT count(*) FROM event WHERE type = 'plan.ended'"))
                .isZero();
    }

    @Test
    void clockFarAheadForgetsNothing() {
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.accepted(key, new AccountCommand.Pause(AccountFixture.ADMIN));
        fixture.accepted(key, new AccountCommand.Resume(AccountFixture.ADMIN));
        RestrictionLogJob job = new RestrictionLogJob(fixture.vertx, fixture.database, clock, watch);

        wrongBy.set(Duration.ofDays(401));

        assertThat(await(job.forget())).isZero();
        RestrictionLogJob blind = new RestrictionLogJob(fixture.vertx, fixture.database, clock, now -> true);
        assertThat(await(blind.forget())).as("there was something to forget").isPositive();
    }

    @Test
    void clockIsTrustedWithinFiveMinutesOfTheDatabaseOnly() {
        assertThat(watch.holds()).isTrue();
        for (Duration near : new Duration[] {Duration.ofMinutes(4), Duration.ofMinutes(-4)}) {
            wrongBy.set(near);
            assertThat(watch.holds()).as("wrong by %s", near).isTrue();
        }
        for (Duration far : new Duration[] {Duration.ofMinutes(6), Duration.ofMinutes(-6), Duration.ofDays(-400)}) {
            wrongBy.set(far);
            assertThat(watch.holds()).as("wrong by %s", far).isFalse();
        }
    }

    @Test
    void clockIsNotTrustedBeforeTheDatabaseWasAsked() {
        ClockWatch fresh = new ClockWatch(fixture.vertx, fixture.database, clock, System::nanoTime);
        assertThat(fresh.holds()).isFalse();
    }

    @Test
    void metricSaysHowFarTheClockIsAhead() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        watch.meter(registry);

        wrongBy.set(Duration.ofHours(1));

        assertThat(registry.get("octroi.clock.ahead").gauge().value()).isBetween(3_540.0, 3_660.0);
    }

    private Accounts accounts(ClockTrust trust) {
        return new Accounts(fixture.vertx, fixture.database, fixture.decider, fixture.sinks(), clock, trust, 1);
    }

    private AccountCommand record(String key) {
        return new AccountCommand.CountUsage(AccountFixture.record(key, 1_000, Instant.now()), AccountFixture.NETWORK);
    }
}

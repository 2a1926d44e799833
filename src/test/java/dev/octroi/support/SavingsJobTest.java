package dev.octroi.support;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Category;
import dev.octroi.policy.Level;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.decide.AccountFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A drain that is held back saves something, and what it saved is counted once, low, and never where the use was meant. */
class SavingsJobTest {
    private static final long MB = 1_000_000;

    private QuotaFixture fixture;
    private SimpleMeterRegistry registry;
    private SavingsJob job;
    private AccountKey key;
    private int serial;

    @BeforeEach
    void open() {
        fixture = new QuotaFixture();
        registry = new SimpleMeterRegistry();
        job = new SavingsJob(fixture.vertx, fixture.database, fixture.clock, registry);
    }

    @AfterEach
    void close() {
        job.close();
        fixture.close();
    }

    @Test
    void aSuspendedDrainSavedAboutWhatItWouldHaveTakenAndIsCountedOnce() {
        Alarm alarm = suspended();
        await(job.estimate());
        assertThat(alarm().savedBytes()).as("records may come late").isZero();

        fixture.now.updateAndGet(now -> now.plus(Duration.ofHours(7)));
        await(job.estimate());
        assertThat(alarm().savedBytes()).isBetween(100 * MB, alarm.atStakeBytes());
        assertThat(counted()).isEqualTo(alarm().savedBytes());

        fixture.now.updateAndGet(now -> now.plus(Duration.ofHours(7)));
        await(job.estimate());
        assertThat(counted()).as("once").isEqualTo(alarm().savedBytes());
        assertThat(fixture.number("SELECT count(*) FROM alarm WHERE estimate_after IS NOT NULL"))
                .isZero();
    }

    @Test
    void whatPassedAllTheSameWasNotSaved() {
        suspended();
        Instant held = fixture.now.get();
        for (int i = 1; i <= 20; i++) {
            use(held.plus(Duration.ofMinutes(3L * i)), 200 * MB, 0);
        }
        fixture.now.set(held.plus(Duration.ofHours(14)));
        await(job.estimate());
        assertThat(alarm().savedBytes()).isZero();
    }

    @Test
    void useThatWasMeantSavesNothingAlsoWhenThatIsSaidLater() {
        Alarm alarm = suspended();
        fixture.now.updateAndGet(now -> now.plus(Duration.ofHours(7)));
        await(job.estimate());
        assertThat(alarm().savedBytes()).isPositive();
        fixture.accepted(key, new AccountCommand.AlarmFeedback(alarm.incident(), true, AccountFixture.ADMIN));
        await(job.estimate());
        assertThat(alarm().savedBytes()).isZero();
    }

    /** Two ordinary weeks, then an upload through the night. */
    private Alarm suspended() {
        key = fixture.open(AccountFixture.terms(
                30_000 * MB,
                new AfterQuota.Stop(),
                Validity.days(60, Validity.StartMode.ON_ORDER),
                DrainPolicy.SUSPEND));
        Instant start = fixture.now.get();
        for (int day = 0; day < 14; day++) {
            for (int hour = 0; hour < 10; hour++) {
                use(start.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour)), MB, 10 * MB);
            }
        }
        Instant night = start.plus(Duration.ofDays(14)).plus(Duration.ofHours(15));
        AccountView account = view();
        for (int i = 0; i < 100 && account.policy().level() != Level.SUSPENDED_DATA; i++) {
            use(night.plusSeconds(300L * i), 90 * MB, 2 * MB);
            account = view();
        }
        assertThat(account.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        return alarm();
    }

    private void use(Instant at, long up, long down) {
        fixture.now.set(at);
        fixture.accepted(
                key,
                new AccountCommand.CountUsage(
                        AccountFixture.traffic("r" + serial++, at, up, down, Category.OTHER), AccountFixture.NETWORK));
    }

    private AccountView view() {
        return await(new AccountReader(fixture.database, fixture.clock).view(key.tenantId(), key.accountId()))
                .orElseThrow();
    }

    private Alarm alarm() {
        return await(new AlarmReadStore()
                        .ofSubscription(fixture.database.workerPool(), key.tenantId(), view().subscriptionId(), 5))
                .getFirst();
    }

    private long counted() {
        return (long) registry.get("octroi.drain.saved").counter().count();
    }
}

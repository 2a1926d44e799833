package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Volume that a gateway of before held back is found, also when such a gateway has used up every timer that was set for it. */
class HeldVolumeJobTest {
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "self-care", "jti-2");

    @Test
    void aSmallTopUpThatIsHeldBackIsFoundAfterTheTimersOfTheMigrationAreGone() {
        try (QuotaFixture fixture = new QuotaFixture()) {
            fixture.now.set(Instant.now());
            AccountKey used = usedUp(fixture);
            AccountKey empty = usedUp(fixture);
            AccountKey charged = usedUp(fixture);
            fixture.accepted(charged, new AccountCommand.AgreeOverage(0, "words-1", TRAVELLER));
            fixture.now.updateAndGet(now -> now.plus(Duration.ofMinutes(1)));
            fixture.use(charged, "b", 1_000 * MB);
            assertThat(reason(fixture, charged)).isEqualTo("bill_shock.limit_reached");
            topUp(fixture, used);
            topUp(fixture, charged);
            TestDatabase.execute(fixture.config, "DELETE FROM account_timer");

            assertThat(look(fixture, used)).isEqualTo(1);
            assertThat(look(fixture, charged)).isEqualTo(1);
            assertThat(look(fixture, empty)).isZero();
            fixture.now.updateAndGet(now -> now.plus(Duration.ofSeconds(10)));
            TickJob ticks = new TickJob(
                    fixture.vertx, fixture.database, fixture.gateway(fixture.database), fixture.clock, now -> true);
            assertThat(await(ticks.tick())).isEqualTo(2);
            assertThat(level(fixture, used)).isEqualTo(Level.NORMAL);
            assertThat(level(fixture, charged)).isEqualTo(Level.NORMAL);
            assertThat(level(fixture, empty)).isEqualTo(Level.SUSPENDED_DATA);
            assertThat(look(fixture, used))
                    .as("once it flows, nothing is found")
                    .isZero();
        }
    }

    /** A zone's own volume is spent there alone, and what an account kept that joined another one's volume is spent by nobody. */
    @Test
    void volumeThatCannotBeSpentWakesNobody() {
        try (QuotaFixture fixture = new QuotaFixture()) {
            fixture.now.set(Instant.now());
            AccountKey key = fixture.open(AccountFixture.terms(
                            1_000 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER))
                    .with(List.of(new ZoneTariff("CH", "Switzerland", Set.of(), 100 * MB, null))));
            fixture.use(key, "a", 1_000 * MB);
            assertThat(level(fixture, key)).isEqualTo(Level.SUSPENDED_DATA);
            assertThat(look(fixture, key)).as("elsewhere").isZero();
            TestDatabase.execute(
                    fixture.config, "UPDATE account SET tariff_zone = 'CH' WHERE id = %d".formatted(key.accountId()));
            assertThat(look(fixture, key)).as("there").isEqualTo(1);

            AccountKey member = usedUp(fixture);
            topUp(fixture, member);
            assertThat(look(fixture, member)).isEqualTo(1);
            TestDatabase.execute(
                    fixture.config,
                    "UPDATE account SET shared_account_id = 1 WHERE id = %d".formatted(member.accountId()));
            assertThat(look(fixture, member)).as("a member").isZero();
        }
    }

    private static int look(QuotaFixture fixture, AccountKey key) {
        HeldVolumeJob job = new HeldVolumeJob(fixture.vertx, fixture.database, fixture.clock, now -> true);
        return await(job.look(key.vshard()));
    }

    private static void topUp(QuotaFixture fixture, AccountKey key) {
        TestDatabase.execute(fixture.config, """
                INSERT INTO bucket (vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes)
                VALUES (%d, %d, %d, 2, 'TOP_UP', 't-1', 'more', %d)
                """.formatted(key.vshard(), key.tenantId(), key.accountId(), 10 * MB));
    }

    private static AccountKey usedUp(QuotaFixture fixture) {
        AccountKey key = fixture.open(
                AccountFixture.terms(1_000 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER))
                        .with(new Overage("EUR", 10_000, 8_000, 5_000)));
        fixture.use(key, "a", 1_000 * MB);
        return key;
    }

    private static String reason(QuotaFixture fixture, AccountKey key) {
        return await(new AccountReader(fixture.database, fixture.clock).view(fixture.tenant, key.accountId()))
                .orElseThrow()
                .policy()
                .reasonCode();
    }

    private static Level level(QuotaFixture fixture, AccountKey key) {
        return await(new AccountReader(fixture.database, fixture.clock).view(fixture.tenant, key.accountId()))
                .orElseThrow()
                .policy()
                .level();
    }
}

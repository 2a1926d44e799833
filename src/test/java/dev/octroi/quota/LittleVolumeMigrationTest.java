package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Validity;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Who had bought a little volume before it could be used gets it with this version. */
class LittleVolumeMigrationTest {
    private static final Path MIGRATION = Path.of("src/main/resources/db/migration/V85__little_volume.sql");

    @Test
    void aTravellerWhoseSmallTopUpWasHeldBackHasItAfterTheNextLook() throws Exception {
        try (QuotaFixture fixture = new QuotaFixture()) {
            fixture.now.set(Instant.now());
            AccountKey held = usedUp(fixture);
            AccountKey empty = usedUp(fixture);
            TestDatabase.execute(
                    fixture.config,
                    """
                    INSERT INTO bucket (vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes)
                    VALUES (%d, %d, %d, 2, 'TOP_UP', 't-1', 'more', %d)
                    """.formatted(held.vshard(), held.tenantId(), held.accountId(), 10 * MB),
                    Files.readString(MIGRATION));
            fixture.now.updateAndGet(now -> now.plus(Duration.ofSeconds(10)));
            Accounts restarted = fixture.gateway(fixture.database);
            TickJob ticks = new TickJob(fixture.vertx, fixture.database, restarted, fixture.clock, now -> true);
            assertThat(await(ticks.tick())).as("only who may be concerned").isEqualTo(1);
            assertThat(level(fixture, held)).isEqualTo(Level.NORMAL);
            assertThat(level(fixture, empty)).isEqualTo(Level.SUSPENDED_DATA);
        }
    }

    private static AccountKey usedUp(QuotaFixture fixture) {
        AccountKey key = fixture.open(AccountFixture.terms(
                1_000 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)));
        fixture.use(key, "a", 1_000 * MB);
        return key;
    }

    private static Level level(QuotaFixture fixture, AccountKey key) {
        AccountReader reader = new AccountReader(fixture.database, fixture.clock);
        return await(reader.view(fixture.tenant, key.accountId()))
                .orElseThrow()
                .policy()
                .level();
    }
}

package dev.octroi.usage;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.audit.AuditLog;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept aside, from its feed to its release. */
class QuarantineTest {
    private static final Feed EVERYBODYS = new Feed("net-a", imsi -> true, true, 0);
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private static QuotaFixture fixture;
    private static UsageIntake intake;
    private static Quarantine quarantine;
    private static byte serial;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        fixture = new QuotaFixture();
        intake = new UsageIntake(
                fixture.database,
                fixture.accounts,
                new BlindIndex(Keyring.open(folder, new SecureRandom())),
                fixture.clock,
                Duration.ofHours(72),
                new SimpleMeterRegistry());
        quarantine = new Quarantine(fixture.database, fixture.accounts, new AuditLog(), fixture.clock);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void now() {
        fixture.now.set(START);
    }

    @Test
    void recordOfAFeedThatIsBoundToATenantIsNotReleasedIntoAnotherTenantsAccount() {
        Feed anothers = new Feed("net-5", imsi -> true, true, 5);
        Subscriber sim = subscriber();
        UsageRecord record = AccountFixture.record("cdr-5", 5_000, START);
        assertThat(report(anothers, sim, record)).isEqualTo(Fault.UNKNOWN_SUBSCRIBER);
        AccountKey key = sell(sim);

        assertThat(release("cdr-5")).isInstanceOf(QuarantineOutcome.NotCovered.class);

        assertThat(report(anothers, sim, record)).as("sent again").isEqualTo(Fault.SUBSCRIBER_NOT_COVERED);
        assertThat(usedBytes(key)).isZero();
    }

    @Test
    void recordOfAFeedThatServesTheTenantOrAllIsReleasedOnceTheSimIsSold() {
        for (Feed feed : List.of(EVERYBODYS, new Feed("net-1", imsi -> true, true, fixture.tenant))) {
            Subscriber sim = subscriber();
            String name = "cdr-of-" + feed.source();
            assertThat(report(feed, sim, AccountFixture.record(name, 5_000, START)))
                    .isEqualTo(Fault.UNKNOWN_SUBSCRIBER);
            AccountKey key = sell(sim);

            assertThat(release(name)).isInstanceOf(QuarantineOutcome.Resolved.class);

            assertThat(usedBytes(key)).isEqualTo(5_000);
        }
    }

    private static Fault report(Feed feed, Subscriber subscriber, UsageRecord record) {
        return await(intake.records(feed, List.of(new Reported.Usage(subscriber, record))))
                .getFirst()
                .fault();
    }

    private static QuarantineOutcome release(String name) {
        long id = await(quarantine.list(0, QuarantinedRecord.Status.WAITING, 0, 200)).stream()
                .filter(each -> each.key().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
        return await(quarantine.release(0, id, AccountFixture.ADMIN, "SIM linked late"));
    }

    private static Subscriber subscriber() {
        byte[] hash = new byte[16];
        Arrays.fill(hash, ++serial);
        return Subscriber.of(IdentifierKind.ICCID, hash);
    }

    private static AccountKey sell(Subscriber sim) {
        AccountKey key = fixture.open(AccountFixture.france());
        await(fixture.database.inWorker(connection -> new AccountLinkStore().link(connection, key, sim.hash())));
        return key;
    }

    private static long usedBytes(AccountKey key) {
        return fixture.number(
                "SELECT coalesce(sum(used_bytes + beyond_bytes), 0) FROM account_hot WHERE account_id = ?",
                key.accountId());
    }
}

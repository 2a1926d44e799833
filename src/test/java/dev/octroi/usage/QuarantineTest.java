package dev.octroi.usage;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.audit.AuditLog;
import dev.octroi.drain.Category;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    private static QuarantineJob job;
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
        job = job(fixture.accounts);
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

    @Test
    void recordsThatAGatewayWhoseClockIsBehindTookForFutureOnesAreCountedOnceTheyEnded() {
        Subscriber sim = subscriber();
        AccountKey key = sell(sim);
        UsageRecord record = AccountFixture.record("cdr-future", 5_000, START);
        fixture.now.set(START.minus(Duration.ofMinutes(10)));
        assertThat(report(EVERYBODYS, sim, record)).isEqualTo(Fault.IN_FUTURE);
        await(job.release());
        assertThat(usedBytes(key)).isZero();

        fixture.now.set(START.plus(Duration.ofMinutes(1)));
        await(job.release());

        assertThat(usedBytes(key)).isEqualTo(5_000);
        assertThat(kept("cdr-future").status()).isEqualTo(QuarantinedRecord.Status.RELEASED);
        assertThat(kept("cdr-future").byItself()).isTrue();
        assertThat(report(EVERYBODYS, sim, record))
                .as("sent again, a duplicate")
                .isNull();
        assertThat(usedBytes(key)).isEqualTo(5_000);
    }

    @Test
    void recordsOfASimThatIsSoldLaterAreCountedOnceItIs() {
        Subscriber sim = subscriber();
        assertThat(report(EVERYBODYS, sim, AccountFixture.record("cdr-sold", 5_000, START)))
                .isEqualTo(Fault.UNKNOWN_SUBSCRIBER);
        fixture.now.set(START.plus(Duration.ofMinutes(1)));
        await(job.release());
        assertThat(kept("cdr-sold").status()).isEqualTo(QuarantinedRecord.Status.WAITING);
        AccountKey key = sell(sim);

        fixture.now.set(START.plus(Duration.ofMinutes(3)));
        await(job.release());

        assertThat(usedBytes(key)).isEqualTo(5_000);
        assertThat(kept("cdr-sold").byItself()).isTrue();
    }

    @Test
    void theBeginningOfASessionIsKeptAsAGatewayOfBeforeCanReadIt() {
        UsageRecord begun = new UsageRecord(
                "net",
                "begun",
                UsageRecord.Meaning.SESSION_BEGUN,
                "session",
                32,
                START,
                START,
                START,
                0,
                0,
                "208-01",
                "FR",
                null,
                "NR",
                Category.OTHER);
        JsonObject kept = QuarantineStore.json(begun);
        assertThat(kept.getString("meaning")).isEqualTo("SESSION_CUMULATIVE");
        assertThat(QuarantineStore.record("net", "begun", kept, START).meaning())
                .isEqualTo(UsageRecord.Meaning.SESSION_BEGUN);
    }

    @Test
    void recordThatCannotBeReadHoldsNoOtherUp() {
        Subscriber sim = subscriber();
        Subscriber other = subscriber();
        report(EVERYBODYS, other, AccountFixture.record("cdr-unread", 5_000, START));
        report(EVERYBODYS, sim, AccountFixture.record("cdr-read", 5_000, START));
        TestDatabase.execute(
                fixture.config,
                "UPDATE quarantine SET record = record || '{\"meaning\": \"OF_ANOTHER_VERSION\"}' WHERE key = 'cdr-unread'");
        AccountKey key = sell(sim);
        fixture.now.set(START.plus(Duration.ofMinutes(3)));

        await(job.release());

        assertThat(usedBytes(key)).isEqualTo(5_000);
        assertThat(kept("cdr-unread").status()).isEqualTo(QuarantinedRecord.Status.WAITING);
    }

    @Test
    void whatIsLateByThenOrOfAnotherTenantsFeedIsLeftToPeople() {
        Subscriber late = subscriber();
        Subscriber anothers = subscriber();
        report(EVERYBODYS, late, AccountFixture.record("cdr-late", 5_000, START));
        report(new Feed("net-5", imsi -> true, true, 5), anothers, AccountFixture.record("cdr-others", 5_000, START));
        AccountKey key = sell(late);
        sell(anothers);

        fixture.now.set(START.plus(Duration.ofHours(73)));
        await(job.release());

        assertThat(kept("cdr-late").status()).isEqualTo(QuarantinedRecord.Status.WAITING);
        assertThat(kept("cdr-others").status()).isEqualTo(QuarantinedRecord.Status.WAITING);
        assertThat(release("cdr-late")).isInstanceOf(QuarantineOutcome.Resolved.class);
        assertThat(usedBytes(key)).isEqualTo(5_000);
    }

    @Test
    void severalGatewaysShareWhatIsDue() {
        Subscriber sim = subscriber();
        List<Reported> records = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            records.add(new Reported.Usage(sim, AccountFixture.record("cdr-many-" + i, 10, START)));
        }
        await(intake.records(EVERYBODYS, records));
        AccountKey key = sell(sim);
        fixture.now.set(START.plus(Duration.ofMinutes(1)));
        QuarantineJob other = job(fixture.gateway(fixture.database));

        Future<Integer> first = job.release();
        Future<Integer> second = other.release();

        assertThat(await(first) + await(second)).isGreaterThanOrEqualTo(1_200);
        assertThat(usedBytes(key)).isEqualTo(12_000);
    }

    @Test
    void whatIsFourHundredDaysOldIsDeleted() {
        report(EVERYBODYS, subscriber(), AccountFixture.record("cdr-old", 5_000, START));
        fixture.now.set(START.plus(Duration.ofDays(400)));
        await(job.forget());
        assertThat(kept("cdr-old").status()).isEqualTo(QuarantinedRecord.Status.WAITING);

        fixture.now.set(START.plus(Duration.ofDays(401)));

        assertThat(await(job.forget())).isPositive();
        assertThat(fixture.number("SELECT count(*) FROM quarantine WHERE key = 'cdr-old'"))
                .isZero();
    }

    private static QuarantineJob job(Accounts accounts) {
        return new QuarantineJob(fixture.vertx, fixture.database, accounts, fixture.clock, Duration.ofHours(72));
    }

    private static QuarantinedRecord kept(String name) {
        long id = fixture.number("SELECT id FROM quarantine WHERE key = ?", name);
        return await(quarantine.find(0, id)).orElseThrow();
    }

    private static Fault report(Feed feed, Subscriber subscriber, UsageRecord record) {
        return await(intake.records(feed, List.of(new Reported.Usage(subscriber, record))))
                .getFirst()
                .fault();
    }

    private static QuarantineOutcome release(String name) {
        return await(quarantine.release(0, kept(name).id(), AccountFixture.ADMIN, "SIM linked late"));
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

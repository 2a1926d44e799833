package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.Validity;
import dev.octroi.db.Database;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.HeardSince;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.SessionPlace;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a batch of charging messages reads and writes. */
class ChargingBatchTest {
    private static final int BATCHES = 150;

    private static QuotaFixture fixture;

    private AccountKey key;
    private long session;

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
        // Today has a partition of its own.
        fixture.now.set(Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void account() {
        key = fixture.open(
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER)));
        session = fixture.ids.next(key.vshard());
    }

    @Test
    void sessionsAreReadBackAsTheyWereDecided() {
        List<ChargeCommand> messages = List.of(
                message(ChargeCommand.Step.CREATE, "c:1", List.of(10L, 7L), null),
                message(
                        ChargeCommand.Step.UPDATE,
                        "u:2",
                        List.of(10L),
                        new SessionPlace("208-01", "FR", "208-01-7501"),
                        5),
                message(ChargeCommand.Step.UPDATE, "u:3", List.of(), new SessionPlace("208-10", "FR", null), 6, 7),
                message(ChargeCommand.Step.RELEASE, "r:4", List.of(), null, 8));
        Instant begun = fixture.now.get();
        for (ChargeCommand each : messages) {
            // What was promised with another message ends at another moment.
            fixture.now.updateAndGet(now -> now.plus(Duration.ofMinutes(6)));
            AccountState before = read();
            fixture.submit(key, each);
            List<ChargingSession> decided = fixture.decider
                    .decide(before, each, fixture.now.get())
                    .state()
                    .charging();
            assertThat(read().charging()).as(each.message()).isEqualTo(decided).hasSize(1);
        }
        assertThat(read().charging().getFirst().answers()).hasSize(messages.size());
        fixture.now.set(begun);
    }

    @Test
    void whoWasHeardSinceAConsentIsReadBack() {
        key = fixture.open(
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER))
                        .with(new Overage("EUR", 10_000, 8_000, 5_000)));
        session = fixture.ids.next(key.vshard());
        fixture.submit(key, message(ChargeCommand.Step.CREATE, "c:1", List.of(10L, 7L), null));
        fixture.accepted(key, new AccountCommand.AgreeOverage(0, "words-1", AccountFixture.ADMIN));
        Instant agreedAt = read().charges().agreedAt();
        assertThat(agreedAt).isNotNull();
        fixture.submit(key, message(ChargeCommand.Step.UPDATE, "u:2", List.of(7L), null));
        assertThat(heard()).isEqualTo(new HeardSince(agreedAt, false, Set.of(GrantHolder.of(7))));
        fixture.submit(key, message(ChargeCommand.Step.UPDATE, "u:3", List.of(), null, 1));
        assertThat(heard()).isEqualTo(new HeardSince(agreedAt, false, Set.of(GrantHolder.of(7), GrantHolder.of(10))));
        fixture.submit(key, message(ChargeCommand.Step.RELEASE, "r:4", List.of(), null, 2));
        session = fixture.ids.next(key.vshard());
        fixture.submit(key, message(ChargeCommand.Step.CREATE, "c:5", List.of(10L), null));
        assertThat(heard()).isEqualTo(new HeardSince(agreedAt, true, Set.of()));
    }

    private HeardSince heard() {
        return read().charging().getLast().heard();
    }

    /** A gateway of before reads pairs of holder and bytes, and writes a session without the ends of single promises. */
    @Test
    void endsOfPromisesStandWhereAGatewayOfBeforeDoesNotLook() {
        Instant begun = fixture.now.get();
        fixture.submit(key, message(ChargeCommand.Step.CREATE, "c:1", List.of(10L, 7L), null));
        fixture.now.set(begun.plus(Duration.ofMinutes(6)));
        fixture.submit(key, message(ChargeCommand.Step.UPDATE, "u:2", List.of(10L), null));
        fixture.now.set(begun);
        ChargingSession session = read().charging().getFirst();
        assertThat(ends(session)).hasSize(2);
        String[] parts =
                ChargingRows.memory(session).lines().findFirst().orElseThrow().split("\u001f", -1);
        assertThat(parts).hasSize(4).allSatisfy(part -> assertThat(part).containsOnlyDigits());

        TestDatabase.execute(
                fixture.config,
                "UPDATE charging_session SET grants_until = grants_until + interval '1 minute' WHERE account_id = "
                        + key.accountId());
        ChargingSession moved = read().charging().getFirst();
        assertThat(ends(moved)).containsExactly(session.grantsUntil().plus(Duration.ofMinutes(1)));
    }

    private static Set<Instant> ends(ChargingSession session) {
        return session.grants().values().stream()
                .map(dev.octroi.quota.account.Promise::until)
                .collect(Collectors.toSet());
    }

    @Test
    void containersThatComeAgainCountOnceOnWhateverGatewayAndInWhateverOrder() {
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        try {
            Accounts second = fixture.gateway(other);
            fixture.submit(key, message(ChargeCommand.Step.CREATE, "c:1", List.of(10L), null));
            await(second.submit(key, message(ChargeCommand.Step.UPDATE, "u:2", List.of(10L), null, 4)));
            // The first gateway has not seen container 4 and takes it for a new one until it writes.
            fixture.submit(key, message(ChargeCommand.Step.UPDATE, "u:3", List.of(10L), null, 4));
            fixture.submit(key, message(ChargeCommand.Step.UPDATE, "u:4", List.of(10L), null, 3));
            fixture.submit(key, message(ChargeCommand.Step.UPDATE, "u:5", List.of(10L), null, 3, 4, 5));
            await(second.submit(key, message(ChargeCommand.Step.UPDATE, "u:6", List.of(10L), null, 5, 6)));
        } finally {
            await(other.close());
        }
        assertThat(read().countedBytes()).isEqualTo(4 * MB);
        assertThat(fixture.number("SELECT sum(delta_bytes) FROM ledger WHERE account_id = ?", key.accountId()))
                .isEqualTo(4 * MB);
    }

    @Test
    void containersOfASessionWhoseNumbersWereNotKeptAreLookedUp() {
        fixture.submit(key, message(ChargeCommand.Step.CREATE, "c:1", List.of(10L), null));
        fixture.submit(key, message(ChargeCommand.Step.UPDATE, "u:2", List.of(10L), null, 9));
        TestDatabase.execute(
                fixture.config,
                "UPDATE charging_session SET memory = regexp_replace(memory, E'\\n9', E'\\n" + ChargingSession.UNKNOWN
                        + "') WHERE account_id = " + key.accountId());
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        try {
            Accounts upgraded = fixture.gateway(other);
            await(upgraded.submit(key, message(ChargeCommand.Step.UPDATE, "u:3", List.of(10L), null, 9)));
            await(upgraded.submit(key, message(ChargeCommand.Step.UPDATE, "u:4", List.of(10L), null, 10)));
        } finally {
            await(other.close());
        }
        assertThat(read().countedBytes()).isEqualTo(2 * MB);
    }

    @Test
    void aMessageThatComesAgainIsAnsweredFromMemoryAsOnDisk() {
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        Accounts gateway = fixture.gateway(other);
        ChargeCommand message = message(ChargeCommand.Step.CREATE, "c:1", List.of(10L), null, 1);
        Outcome first = await(gateway.submit(key, message));
        await(other.close());
        Outcome again = await(gateway.submit(key, message));
        assertThat(((Outcome.Duplicate) again).charged()).isEqualTo(((Outcome.Accepted) first).charged());
        assertThat(((Outcome.Duplicate) fixture.submit(key, message)).charged())
                .isEqualTo(((Outcome.Accepted) first).charged());
        assertThatThrownBy(() ->
                        await(gateway.submit(key, message(ChargeCommand.Step.UPDATE, "u:2", List.of(10L), null, 2))))
                .isInstanceOf(AssertionError.class);
        assertThat(read().countedBytes()).isEqualTo(MB);
    }

    @Test
    void whoAsksFromAnEventLoopIsAnsweredThereWhileTheLaneGoesOn() {
        Context asking = ((VertxInternal) fixture.vertx).createEventLoopContext();
        Promise<Boolean> answeredThere = Promise.promise();
        asking.runOnContext(here -> {
            Thread loop = Thread.currentThread();
            fixture.accounts
                    .submit(key, message(ChargeCommand.Step.CREATE, "c:1", List.of(10L), null))
                    .map(outcome -> Thread.currentThread() == loop)
                    .onComplete(answeredThere);
        });
        assertThat(await(answeredThere.future())).isTrue();
    }

    @Test
    void aDayThatFillsIsNeverScannedForARecord() {
        for (int i = 0; i < 50; i++) {
            fixture.use(key, "few-" + i, 1);
        }
        // What the server believes of the day from now on: as little as it may ever be told of it.
        TestDatabase.execute(fixture.config, "ANALYZE ledger");
        long scannedBefore = scans();
        long insertedBefore = inserted();
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        Accounts gateway = fixture.gateway(other);
        for (int i = 0; i < BATCHES; i++) {
            UsageRecord record = AccountFixture.record("scan-" + i, 1, fixture.now.get());
            await(gateway.submit(key, new AccountCommand.CountUsage(record, NETWORK)));
        }
        // The server tells what a connection did when it ends.
        await(other.close());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(inserted() - insertedBefore).isGreaterThanOrEqualTo(BATCHES));
        assertThat(scans()).isEqualTo(scannedBefore);
    }

    private static long scans() {
        return fixture.number("SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname LIKE 'ledger%'");
    }

    private static long inserted() {
        return fixture.number("SELECT sum(n_tup_ins) FROM pg_stat_user_tables WHERE relname LIKE 'ledger%'");
    }

    private AccountState read() {
        return await(fixture.database.inWorker(
                        connection -> new AccountLoadStore().load(connection, List.of(key), false)))
                .get(key);
    }

    /** A message with containers of one megabyte each. */
    private ChargeCommand message(
            ChargeCommand.Step step, String name, List<Long> asking, @Nullable SessionPlace place, long... containers) {
        Instant at = fixture.now.get();
        List<UsageRecord> used = Arrays.stream(containers)
                .mapToObj(number -> AccountFixture.record(session + "." + number, MB, at))
                .toList();
        ChargeCommand.Containers numbers = null;
        for (long each : containers) {
            numbers = ChargeCommand.Containers.and(numbers, each);
        }
        return new ChargeCommand(
                step,
                session,
                9,
                name,
                Duration.ofDays(1),
                at,
                used,
                numbers,
                used.isEmpty() ? Map.of() : Map.of(GrantHolder.of(10), used.size() * MB),
                Set.of(),
                asking.stream().map(GrantHolder::of).toList(),
                place,
                null,
                "c2VhbGVk",
                GrantTerms.DEFAULT,
                NETWORK);
    }
}

package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Money;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.db.Database;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.Late;
import dev.octroi.quota.account.LedgerEntry;
import dev.octroi.quota.account.LedgerPlace;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.OverageView;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.ZoneChange;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decision;
import dev.octroi.quota.decide.NextMoment;
import dev.octroi.quota.decide.Views;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The write path on a real database. */
class AccountsTest {
    private static final int MAX_COLLECTIONS = 50;
    private static final long COLLECTION_MS = 100;

    private static QuotaFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void i2RecordIsCountedOnceHoweverOftenItComes() {
        AccountKey key = fixture.open(AccountFixture.france());
        assertThat(fixture.use(key, "a", 10 * MB)).isInstanceOf(Outcome.Accepted.class);
        assertThat(fixture.use(key, "a", 10 * MB)).isInstanceOf(Outcome.Duplicate.class);
        List<Accounts.Submission> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(new Accounts.Submission(
                    key,
                    new AccountCommand.CountUsage(AccountFixture.record("b", 5 * MB, fixture.now.get()), NETWORK)));
        }
        assertThat(await(fixture.accounts.submitAll(both)))
                .extracting(Object::getClass)
                .hasToString(
                        "[class dev.octroi.quota.account.Outcome$Accepted, class dev.octroi.quota.account.Outcome$Duplicate]");
        assertThat(counted(key)).isEqualTo(15 * MB);
        assertThat(ledger(key)).isEqualTo(15 * MB);
        assertThat(hours(key)).isEqualTo(15 * MB);
    }

    @Test
    void i2RecordThatAnotherGatewayCountedIsADuplicateOfAGatewayThatTookItForNew() {
        AccountKey key = fixture.open(AccountFixture.france());
        AccountKey other = fixture.open(AccountFixture.france());
        fixture.use(key, "elsewhere", 10 * MB);
        Accounts late = fixture.gateway(fixture.database);
        List<Accounts.Submission> mixed = List.of(
                use(other, "new"), use(key, "elsewhere"), use(key, "too"), use(key, "elsewhere"), use(other, "new"));
        assertThat(await(late.submitAll(mixed)))
                .extracting(outcome -> outcome.getClass().getSimpleName())
                .containsExactly("Accepted", "Duplicate", "Accepted", "Duplicate", "Duplicate");
        assertThat(counted(key)).isEqualTo(20 * MB).isEqualTo(ledger(key));
        assertThat(counted(other)).isEqualTo(10 * MB).isEqualTo(ledger(other));
    }

    private static Accounts.Submission use(AccountKey key, String record) {
        return new Accounts.Submission(
                key, new AccountCommand.CountUsage(AccountFixture.record(record, 10 * MB, fixture.now.get()), NETWORK));
    }

    @Test
    void aColumnThatAMigrationAddsMeanwhileFailsNoRecord() {
        // A database of its own: whoever only reads is told to come again, once on each connection.
        try (QuotaFixture migrated = new QuotaFixture()) {
            assertThat(countForFreshAccounts(migrated, 40)).hasOnlyElementsOfType(Outcome.Accepted.class);
            TestDatabase.execute(migrated.config, "ALTER TABLE account ADD COLUMN of_a_later_version int");
            assertThat(countForFreshAccounts(migrated, 40)).hasOnlyElementsOfType(Outcome.Accepted.class);
        }
    }

    /** Enough for each connection to have been asked. */
    private static List<Outcome> countForFreshAccounts(QuotaFixture gateway, int accounts) {
        return Stream.generate(() -> gateway.open(AccountFixture.france()))
                .limit(accounts)
                .map(key -> gateway.use(key, "a", MB))
                .toList();
    }

    @Test
    void whoIsAnsweredIsNoLongerAmongThoseThatWait() {
        AccountKey key = fixture.open(AccountFixture.france());
        for (int i = 0; i < 50; i++) {
            AccountCommand command = use(key, "r" + i).command();
            int waiting = await(fixture.accounts.submit(key, command).map(outcome -> fixture.accounts.waiting()));
            assertThat(waiting).isZero();
        }
    }

    @Test
    void anAnswerThatIsKeptHoldsNothingOfItsBatch() {
        AccountKey key = fixture.open(AccountFixture.france());
        UsageRecord record = AccountFixture.record("held", 10 * MB, fixture.now.get());
        ReferenceQueue<UsageRecord> gone = new ReferenceQueue<>();
        WeakReference<UsageRecord> decided = new WeakReference<>(record, gone);
        Outcome answer = fixture.submit(key, new AccountCommand.CountUsage(record, NETWORK));
        record = null;
        assertThat(isCollected(gone)).as("the record, while its answer is kept").isTrue();
        assertThat(decided.get()).isNull();
        assertThat(answer).isInstanceOf(Outcome.Accepted.class);
    }

    /** Within a few collections: the next batch takes the place of the last one wherever that is still referred to. */
    private static boolean isCollected(ReferenceQueue<?> gone) {
        AccountKey other = fixture.open(AccountFixture.france());
        for (int i = 0; i < MAX_COLLECTIONS; i++) {
            fixture.use(other, "next-" + i, MB);
            System.gc();
            try {
                if (gone.remove(COLLECTION_MS) != null) {
                    return true;
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return false;
    }

    @Test
    void warnedOnceThrottledAtTheEndRestoredByATopUp() {
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.use(key, "a", 2_400 * MB);
        fixture.use(key, "b", 100 * MB);
        assertThat(events(key, "usage.threshold_reached")).isEqualTo(1);
        fixture.use(key, "c", 600 * MB);
        assertThat(events(key, "usage.threshold_reached")).isEqualTo(2);
        AccountView slow = fixture.accepted(key, new AccountCommand.Tick(Actor.system("test")));
        assertThat(slow.policy().level()).isEqualTo(Level.THROTTLED);
        assertThat(slow.policy().speed()).isEqualTo(Speed.both(384));
        assertThat(slow.beyondBytes()).isEqualTo(100 * MB);
        assertThat(outbox(slow)).isEqualTo(1);
        AccountView restored =
                fixture.accepted(key, new AccountCommand.TopUp(GB, "order-1", "1 GB more", AccountFixture.ADMIN));
        assertThat(restored.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(restored.policy().version()).isEqualTo(2);
        assertThat(restored.remainingBytes()).isEqualTo(GB);
        assertThat(outbox(restored)).isEqualTo(2);
        assertThat(fixture.submit(key, new AccountCommand.TopUp(GB, "order-1", "1 GB more", AccountFixture.ADMIN)))
                .isInstanceOf(Outcome.Duplicate.class);
        assertThat(ledger(key)).isEqualTo(counted(key)).isEqualTo(3_100 * MB);
    }

    @Test
    void volumesThatRenewExpireAndExtendAreReadBackAsWritten() {
        Instant start = fixture.now.get();
        AccountKey key = fixture.open(AccountFixture.france().with(new Renewal(Renewal.Every.DAY, 500 * MB)));
        try {
            fixture.accepted(
                    key, new AccountCommand.TopUp(new Grant(GB, 2, 3, "pass", "3 days"), AccountFixture.ADMIN));
            fixture.use(key, "day-1", 100 * MB);
            fixture.now.set(start.plus(Duration.ofDays(1)));
            fixture.use(key, "day-2", 200 * MB);
            AccountView known = fixture.accepted(key, new AccountCommand.Pause(AccountFixture.ADMIN));
            AccountView read = QuotaFixture.await(
                            new AccountReader(fixture.database, fixture.clock).view(key.tenantId(), key.accountId()))
                    .orElseThrow();
            assertThat(read.buckets()).isEqualTo(known.buckets()).hasSize(3);
            assertThat(read.period()).isEqualTo(known.period());
            assertThat(read.period().endsAt()).isEqualTo(start.plus(Duration.ofDays(9)));
            assertThat(read.buckets().getFirst().kind()).isEqualTo(Bucket.Kind.ROLLOVER);
            assertThat(fixture.number("""
                            SELECT count(*) FROM account_hot a WHERE a.account_id = ?
                              AND used_bytes = (SELECT sum(past_bytes) FROM bucket WHERE account_id = a.account_id)
                                + (SELECT sum(t) FROM unnest(a.taken) AS t)
                              AND used_bytes = (SELECT sum(delta_bytes) FROM ledger WHERE account_id = a.account_id)
                            """, key.accountId())).isEqualTo(1);
        } finally {
            fixture.now.set(start);
        }
    }

    @Test
    void whatAFeedSaidFirstAfterTheConsentEachGatewayKnows() {
        AccountKey key = fixture.open(
                AccountFixture.terms(MB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER))
                        .with(new Overage("EUR", 10_000, 8_000, 5_000)));
        List<Accounts> gateways = List.of(fixture.accounts, fixture.gateway(fixture.database));
        fixture.accepted(key, new AccountCommand.AgreeOverage(0, "words-1", AccountFixture.ADMIN));
        for (int i = 0; i < 3; i++) {
            Instant at = fixture.now.get().plusSeconds(i);
            UsageRecord record = AccountFixture.during(AccountFixture.record("first" + i, MB, at), at, at);
            QuotaFixture.await(
                    gateways.get(i % 2).submit(key, new AccountCommand.CountUsage(record, AccountFixture.NETWORK)));
        }
        AccountView view = fixture.accepted(key, new AccountCommand.Tick(Actor.system("test")));
        assertThat(view.overage().charged()).isEqualTo(new Money(new BigDecimal("0.20"), "EUR"));
    }

    @Test
    void chargeOfTheAccountIsTheSumOfItsLedgerRowsAndReadBack() {
        AccountKey key = fixture.open(
                AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER))
                        .with(new Overage("EUR", 10_000, 8_000, 5_000)));
        fixture.accepted(key, new AccountCommand.AgreeOverage(0, "words-1", AccountFixture.ADMIN));
        Instant agreedAt = fixture.now.get();
        for (int i = 0; i < 10; i++) {
            UsageRecord record = AccountFixture.record("c" + i, 23_456_789, agreedAt);
            fixture.accepted(
                    key,
                    new AccountCommand.CountUsage(
                            AccountFixture.during(record, agreedAt, agreedAt.plusSeconds(1)), AccountFixture.NETWORK));
        }
        AccountReader reader = new AccountReader(fixture.database, fixture.clock);
        OverageView overage = QuotaFixture.await(reader.view(key.tenantId(), key.accountId()))
                .orElseThrow()
                .overage();
        LocalDate day = LocalDate.ofInstant(fixture.now.get(), ZoneOffset.UTC);
        LedgerPlace place = LedgerPlace.before(day.minusDays(1));
        long minor = 0;
        int rows = 0;
        // In pages, as an API reads them.
        while (true) {
            List<LedgerEntry> page =
                    QuotaFixture.await(reader.ledger(key.tenantId(), key.accountId(), place, day, true, 3));
            if (page.isEmpty()) {
                break;
            }
            minor += page.stream().mapToLong(LedgerEntry::chargedMinor).sum();
            rows += page.size();
            LedgerEntry last = page.getLast();
            place = new LedgerPlace(last.day(), last.source(), last.key());
        }
        assertThat(overage.charged()).isEqualTo(new Money(new BigDecimal("13.45"), "EUR"));
        assertThat(minor).isEqualTo(1_345);
        assertThat(rows).as("the first four fit into the plan").isEqualTo(6);
        assertThat(fixture.number("SELECT charged_minor FROM account WHERE id = ?", key.accountId()))
                .isEqualTo(1_345);
    }

    @Test
    void stateReadBackIsTheStateWritten() {
        AccountKey key = fixture.open(AccountFixture.france());
        Rule daily = new Rule(
                "daily",
                Rule.Owner.USER,
                Condition.over(Rule.Window.DAY, 300 * MB),
                List.of(new Action.Notify(), new Action.Throttle(Speed.both(512))),
                Rule.WINDOW_END);
        fixture.accepted(key, new AccountCommand.PutRules(Rule.Owner.USER, List.of(daily), 0L, AccountFixture.ADMIN));
        fixture.use(key, "a", 300 * MB);
        AccountView view = fixture.accepted(
                key, new AccountCommand.ReportLocation("208-01", "FR", "7501", null, null, fixture.now.get(), NETWORK));
        assertThat(view.restrictions()).hasSize(2);
        Background background = new Background(Background.Mode.NIGHT, 0, List.of("cloud", "update"));
        view = fixture.accepted(key, new AccountCommand.SetBackground(background, AccountFixture.ADMIN));
        AccountState read = await(fixture.database.inWorker(
                        connection -> new AccountLoadStore().load(connection, List.of(key), false)))
                .get(key);
        AccountView again = Views.of(read, null, fixture.now.get(), null, null);
        assertThat(again).isEqualTo(view);
    }

    @Test
    void ruleThatWaitsForItsMomentIsReadBackAndActsThere() {
        AccountKey key = fixture.open(AccountFixture.france());
        String rules = """
                [{"id": "rolling", "when": {"window": "rolling", "rollingHours": 2, "overBytes": 1000000},
                  "then": [{"do": "throttle", "kbps": 512}]},
                 {"id": "seconds", "when": {"window": "day", "overSeconds": 100000}, "then": [{"do": "notify"}]},
                 {"id": "evening", "when": {"hours": {"from": "18:00", "to": "19:00"}}, "then": [{"do": "pause"}]}]
                """;
        fixture.accepted(
                key,
                new AccountCommand.PutRules(
                        Rule.Owner.USER, RuleJson.readStored(rules, Rule.Owner.USER), 0L, AccountFixture.ADMIN));
        fixture.use(key, "a", 2 * MB);
        AccountView view = fixture.accepted(key, new AccountCommand.Tick(Actor.system("clock")));
        assertThat(view.policy().level()).isEqualTo(Level.THROTTLED);
        AccountState read = await(fixture.database.inWorker(
                        connection -> new AccountLoadStore().load(connection, List.of(key), false)))
                .get(key);
        assertThat(Views.of(read, null, fixture.now.get(), null, null)).isEqualTo(view);
        Instant ten = fixture.now.get();
        // The two megabytes end at ten; their slot of five minutes is two hours old at 12:05.
        assertThat(NextMoment.of(read)).isEqualTo(ten.plus(Duration.ofMinutes(125)));
        Decision later = fixture.decider.decide(
                read, new AccountCommand.Tick(Actor.system("clock")), ten.plus(Duration.ofMinutes(125)));
        assertThat(later.state().policy().level()).isEqualTo(Level.NORMAL);
        assertThat(NextMoment.of(later.state())).as("18:00 in Paris").isEqualTo(Instant.parse("2026-11-23T17:00:00Z"));
    }

    @Test
    void unknownAccountIsRefused() {
        assertThat(fixture.use(new AccountKey(1, 4711), "x", 1))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(Refusal.UNKNOWN_ACCOUNT));
        AccountKey key = fixture.open(AccountFixture.france());
        assertThat(fixture.use(new AccountKey(2, key.accountId()), "x", 1)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void boughtVolumeForZonesAndATimeZoneThatWaitsAreReadBackAsWritten() {
        PlanTerms terms =
                AccountFixture.france().with(List.of(new ZoneTariff("CH", "Switzerland", Set.of(), 50 * MB, null)));
        AccountKey key = fixture.open(terms);
        fixture.accepted(
                key,
                new AccountCommand.TopUp(new Grant(GB, 0, 0, "swiss", "more", List.of("CH")), AccountFixture.ADMIN));
        fixture.accepted(key, new AccountCommand.SetTimeZone(ZoneId.of("Asia/Tokyo"), AccountFixture.ADMIN));
        AccountState read = await(fixture.database.inWorker(
                        connection -> new AccountLoadStore().load(connection, List.of(key), false)))
                .get(key);
        assertThat(read.buckets().getLast().zones()).containsExactly("CH");
        assertThat(read.timeZone()).isEqualTo(AccountFixture.PARIS);
        assertThat(read.zoneChange())
                .isEqualTo(new ZoneChange(ZoneId.of("Asia/Tokyo"), Instant.parse("2026-11-23T23:00:00Z")));
        assertThat(NextMoment.of(read)).isEqualTo(Instant.parse("2026-11-23T23:00:00Z"));
    }

    @Test
    void volumeBoughtForAPlanThatWaitsGetsItsEndOnDiskWithTheBeginning() {
        PlanTerms waiting =
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_INSTALL));
        AccountKey key = fixture.open(waiting);
        fixture.accepted(key, new AccountCommand.TopUp(new Grant(GB, 0, 7, "booster", "7 days"), AccountFixture.ADMIN));
        assertThat(lastBucket(key)).satisfies(bucket -> {
            assertThat(bucket.validDays()).isEqualTo(7);
            assertThat(bucket.expiresAt()).isNull();
        });
        Instant begin = fixture.now.get();
        fixture.accepted(
                key,
                new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.INSTALL, begin, AccountFixture.ADMIN));
        assertThat(lastBucket(key)).satisfies(bucket -> {
            assertThat(bucket.validDays()).isZero();
            assertThat(bucket.expiresAt()).isEqualTo(begin.plus(Duration.ofDays(7)));
        });
    }

    private static Bucket lastBucket(AccountKey key) {
        return await(fixture.database.inWorker(
                        connection -> new AccountLoadStore().load(connection, List.of(key), false)))
                .get(key)
                .buckets()
                .getLast();
    }

    @Test
    void lateRecordsAreCountedByTheTimeTheyBelongTo() {
        PlanTerms daily = AccountFixture.france().with(new Renewal(Renewal.Every.DAY, 0));
        AccountKey key = fixture.open(daily);
        Instant first = fixture.now.get();
        long before = fixture.accounts.late().records(Late.LAST_WINDOW);
        fixture.now.set(first.plus(Duration.ofDays(1)));
        AccountCommand late = new AccountCommand.CountUsage(AccountFixture.record("late", MB, first), NETWORK);
        fixture.submit(key, late);
        fixture.submit(key, late);
        assertThat(fixture.accounts.late().records(Late.LAST_WINDOW)).isEqualTo(before + 1);
        fixture.now.set(first);
    }

    @Test
    void twoGatewaysOnTheSameAccountsLoseAndDoubleNothing() {
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        Accounts second = fixture.gateway(other);
        List<AccountKey> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            keys.add(fixture.open(AccountFixture.france()));
        }
        List<Future<List<Outcome>>> rounds = new ArrayList<>();
        Instant at = fixture.now.get();
        for (int round = 0; round < 20; round++) {
            for (Accounts gateway : List.of(fixture.accounts, second)) {
                List<Accounts.Submission> records = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    // Every second record reaches both gateways.
                    String name = i % 2 == 0 ? "both-" + round + "-" + i : gateway.hashCode() + "-" + round + "-" + i;
                    records.add(new Accounts.Submission(
                            keys.get(i % 5),
                            new AccountCommand.CountUsage(AccountFixture.record(name, 1_000_000, at), NETWORK)));
                }
                rounds.add(gateway.submitAll(records));
            }
        }
        long accepted = 0;
        for (var round : rounds) {
            accepted += await(round).stream()
                    .filter(Outcome.Accepted.class::isInstance)
                    .count();
        }
        assertThat(accepted).isEqualTo(20 * (25 + 25 + 25));
        long sum = 0;
        for (AccountKey key : keys) {
            assertThat(ledger(key)).isEqualTo(counted(key)).isEqualTo(hours(key));
            sum += counted(key);
        }
        assertThat(sum).isEqualTo(accepted * 1_000_000);
        await(other.close());
    }

    @Test
    void aGatewayAnswersNothingOnWhatAnotherHasChangedSince() {
        AccountKey key = fixture.open(AccountFixture.france());
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        Accounts second = fixture.gateway(other);
        AccountCommand pause = new AccountCommand.Pause(AccountFixture.ADMIN);
        AccountCommand resume = new AccountCommand.Resume(AccountFixture.ADMIN);
        assertThat(await(fixture.accounts.submit(key, pause))).isInstanceOf(Outcome.Accepted.class);
        assertThat(await(second.submit(key, resume))).isInstanceOf(Outcome.Accepted.class);

        // What the first gateway knows says that there is nothing to do.
        assertThat(await(fixture.accounts.submit(key, pause))).isInstanceOf(Outcome.Accepted.class);

        AccountView paused = fixture.accepted(key, new AccountCommand.Tick(Actor.system("test")));
        assertThat(paused.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        await(other.close());
    }

    @Test
    void whatIsDecidedAgainIsToldAndWrittenDownOnce() {
        AccountKey stale = fixture.open(AccountFixture.france());
        AccountKey quiet = fixture.open(AccountFixture.france());
        Accounts first = new Accounts(
                fixture.vertx, fixture.database, fixture.decider, fixture.sinks(), fixture.clock, now -> true, 1);
        AccountCommand pause = new AccountCommand.Pause(AccountFixture.ADMIN);
        await(first.submit(quiet, new AccountCommand.Tick(Actor.system("test"))));
        List<Long> none = toldAndWrittenDown();
        await(first.submit(stale, pause));
        List<Long> once = toldAndWrittenDown();
        await(fixture.accounts.submit(stale, new AccountCommand.Resume(AccountFixture.ADMIN)));
        List<Long> before = toldAndWrittenDown();

        // One of the two has to be decided again, and with it the other one, whose consequences are on their way.
        await(first.submitAll(List.of(new Accounts.Submission(stale, pause), new Accounts.Submission(quiet, pause))));

        List<Long> after = toldAndWrittenDown();
        for (int i = 0; i < after.size(); i++) {
            assertThat(once.get(i) - none.get(i)).isPositive();
            assertThat(after.get(i) - before.get(i)).isEqualTo(2 * (once.get(i) - none.get(i)));
        }
    }

    /** How many events, messages and audit rows there are. */
    private List<Long> toldAndWrittenDown() {
        return List.of(
                fixture.number("SELECT count(*) FROM event"),
                fixture.number("SELECT count(*) FROM outbox"),
                fixture.number("SELECT count(*) FROM audit"));
    }

    @Test
    void i3BatchThatIsCutOffLeavesNothingAndComesAgain() {
        AccountKey key = fixture.open(AccountFixture.france());
        for (int cut = 0; cut < 6; cut++) {
            Database dying = new Database(fixture.vertx, fixture.config, 2, 10_000);
            Accounts gateway = fixture.gateway(dying);
            List<Accounts.Submission> records = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                records.add(new Accounts.Submission(
                        key,
                        new AccountCommand.CountUsage(
                                AccountFixture.record("cut-" + cut + "-" + i, 1_000, fixture.now.get()), NETWORK)));
            }
            var first = gateway.submitAll(records);
            var killed = io.vertx.core.Promise.<Void>promise();
            fixture.vertx.setTimer(1 + cut * 4L, timer -> dying.close().onComplete(killed));
            first.otherwise(List.of()).toCompletionStage().toCompletableFuture().join();
            await(killed.future());
            long answered = first.succeeded()
                    ? first.result().stream()
                            .filter(Outcome.Accepted.class::isInstance)
                            .count()
                    : 0;
            assertThat(counted(key)).isGreaterThanOrEqualTo(cut * 300_000L + answered * 1_000);
            await(fixture.accounts.submitAll(records));
            assertThat(counted(key)).isEqualTo((cut + 1) * 300_000L).isEqualTo(ledger(key));
        }
    }

    @Test
    void oneAccountThatCannotBeReadDoesNotHurtItsNeighbours() {
        AccountKey torn = fixture.open(AccountFixture.france());
        fixture.use(torn, "whole", 1_000);
        TestDatabase.execute(
                fixture.config,
                "UPDATE account_drain SET state = substr(state, 1, 40) WHERE account_id = " + torn.accountId());
        Accounts gateway = fixture.gateway(fixture.database);
        AccountCommand record =
                new AccountCommand.CountUsage(AccountFixture.record("r", 1_000, fixture.now.get()), NETWORK);
        List<Future<Outcome>> neighbours = new ArrayList<>();
        List<AccountKey> whole = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            whole.add(fixture.open(AccountFixture.france()));
        }
        // While the first of each lane are written, the others gather in one batch.
        whole.subList(0, 16).forEach(each -> neighbours.add(gateway.submit(each, record)));
        Future<Outcome> failed = gateway.submit(torn, record);
        whole.subList(16, 32).forEach(each -> neighbours.add(gateway.submit(each, record)));
        for (Future<Outcome> neighbour : neighbours) {
            assertThat(await(neighbour)).isInstanceOf(Outcome.Accepted.class);
        }
        boolean isFailed = await(failed.transform(ended -> Future.succeededFuture(ended.failed())));
        assertThat(isFailed).as("nothing was counted on what is not known").isTrue();
    }

    @Test
    void oneCommandThatTheDatabaseRefusesDoesNotHurtItsNeighbours() {
        AccountKey key = fixture.open(AccountFixture.france());
        AccountKey poisoned = fixture.open(AccountFixture.france());
        TestDatabase.execute(
                fixture.config, "ALTER TABLE bucket ADD CONSTRAINT poison CHECK (reason <> 'poison') NOT VALID");
        List<Future<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            outcomes.add(fixture.accounts.submit(
                    i == 50 ? poisoned : key,
                    i == 50
                            ? new AccountCommand.TopUp(GB, "p", "poison", AccountFixture.ADMIN)
                            : new AccountCommand.CountUsage(
                                    AccountFixture.record("n" + i, 1_000, fixture.now.get()), NETWORK)));
        }
        Future.join(outcomes)
                .otherwiseEmpty()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        assertThat(outcomes.stream().filter(Future::failed).count()).isEqualTo(1);
        assertThat(outcomes.get(50).failed()).isTrue();
        assertThat(counted(key)).isEqualTo(99_000);
        assertThat(counted(poisoned)).isZero();
        TestDatabase.execute(fixture.config, "ALTER TABLE bucket DROP CONSTRAINT poison");
    }

    @Test
    void sessionCountersSurviveARestart() {
        AccountKey key = fixture.open(AccountFixture.france());
        Instant at = fixture.now.get();
        fixture.submit(key, cumulative("s1", 100, 1_000, at));
        Accounts restarted = fixture.gateway(fixture.database);
        await(restarted.submit(key, cumulative("s2", 150, 2_500, at.plus(Duration.ofMinutes(5)))));
        await(restarted.submit(key, cumulative("s3", 120, 2_000, at.plus(Duration.ofMinutes(2)))));
        assertThat(counted(key)).isEqualTo(2_650).isEqualTo(ledger(key));
    }

    @Test
    void whatWasLeftOfABundleSurvivesARestart() {
        AccountKey key = fixture.open(AccountFixture.france());
        Instant at = fixture.now.get();
        fixture.submit(key, left("l1", 900, at));
        Accounts restarted = fixture.gateway(fixture.database);
        await(restarted.submit(key, left("l2", 500, at.plus(Duration.ofMinutes(9)))));
        assertThat(counted(key)).isEqualTo(400);
        Accounts again = fixture.gateway(fixture.database);
        await(again.submit(key, left("l3", 950, at.plus(Duration.ofMinutes(5)))));
        assertThat(counted(key)).as("a late report shows the top-up in between").isEqualTo(450);
        assertThat(counted(key)).isEqualTo(ledger(key));
    }

    private static AccountCommand left(String key, long bytes, Instant end) {
        return new AccountCommand.CountUsage(
                AccountFixture.balance(key, UsageRecord.Meaning.ABSOLUTE_REMAINING, "b", bytes, end), NETWORK);
    }

    private static AccountCommand cumulative(String key, long up, long down, Instant end) {
        return new AccountCommand.CountUsage(
                new UsageRecord(
                        "net-a",
                        key,
                        UsageRecord.Meaning.SESSION_CUMULATIVE,
                        "session-1",
                        64,
                        end.minusSeconds(1),
                        end,
                        end,
                        up,
                        down,
                        "208-01",
                        "FR",
                        null,
                        "NR",
                        dev.octroi.drain.Category.WEB),
                NETWORK);
    }

    private static long counted(AccountKey key) {
        return fixture.number(
                "SELECT used_bytes + beyond_bytes FROM account_hot WHERE account_id = ?", key.accountId());
    }

    private static long ledger(AccountKey key) {
        return fixture.number(
                "SELECT coalesce(sum(delta_bytes), 0)::bigint FROM ledger WHERE account_id = ?", key.accountId());
    }

    private static long hours(AccountKey key) {
        return fixture.number(
                "SELECT coalesce(sum(up_bytes + down_bytes), 0)::bigint FROM usage_by_hour WHERE account_id = ?",
                key.accountId());
    }

    private static long events(AccountKey key, String type) {
        return fixture.number("""
                SELECT count(*) FROM event e JOIN account a ON a.subscription_id = e.subject_id
                WHERE a.id = ? AND e.type = ?
                """, key.accountId(), type);
    }

    private static long outbox(AccountView view) {
        return fixture.number(
                "SELECT count(*) FROM outbox WHERE stream = 'network' AND key = ?", view.subscriptionId());
    }
}

package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Decision;
import dev.octroi.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The promises of counting, each by its number; the crash and the race behind I3 are in {@link AccountsTest}. */
class InvariantsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static QuotaFixture fixture;

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void i1WhatIsUsedIsTheSumOfTheLedger() {
        Random random = new Random(11);
        AccountKey key = fixture.open(AccountFixture.france());
        List<Accounts.Submission> commands = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            AccountCommand command = i % 97 == 96
                    ? new AccountCommand.TopUp(50 * MB, "t" + i, "more", AccountFixture.ADMIN)
                    : new AccountCommand.CountUsage(
                            AccountFixture.record(
                                    "r" + random.nextInt(300), random.nextLong(20 * MB), fixture.now.get()),
                            NETWORK);
            commands.add(new Accounts.Submission(key, command));
        }
        await(fixture.accounts.submitAll(commands));
        assertThat(fixture.number("""
                        SELECT count(*) FROM account_hot a
                        WHERE a.account_id = ?
                          AND used_bytes + beyond_bytes = (SELECT sum(delta_bytes) FROM ledger WHERE account_id = a.account_id)
                          AND used_bytes + beyond_bytes = (SELECT sum(up_bytes + down_bytes) FROM usage_by_hour WHERE account_id = a.account_id)
                          AND used_bytes = (SELECT sum(past_bytes) FROM bucket WHERE account_id = a.account_id)
                                + (SELECT sum(t) FROM unnest(a.taken) AS t)
                        """, key.accountId())).isEqualTo(1);
    }

    @Test
    void i2AnyOrderAndAnyRepetitionGiveTheSameEnd() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = Seeds.random(seed);
            List<UsageRecord> records = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                records.add(
                        switch (random.nextInt(4)) {
                            case 0, 1 -> delta("d" + i, random);
                            case 2 -> cumulative("c" + i, random);
                            default -> balance("b" + i, random);
                        });
            }
            AccountState straight = countAll(records);
            List<UsageRecord> shuffled = new ArrayList<>();
            for (UsageRecord record : records) {
                for (int copies = 0; copies <= random.nextInt(5); copies++) {
                    shuffled.add(record);
                }
            }
            Collections.shuffle(shuffled, random);
            AccountState other = countAll(shuffled);
            assertThat(other.usedBytes()).as("seed " + seed).isEqualTo(straight.usedBytes());
            assertThat(other.beyondBytes()).as("seed " + seed).isEqualTo(straight.beyondBytes());
            assertThat(other.buckets()).as("seed " + seed).isEqualTo(straight.buckets());
            assertThat(other.policy()).as("seed " + seed).isEqualTo(straight.policy());
            assertThat(other.sessions()).as("seed " + seed).isEqualTo(straight.sessions());
        }
    }

    /** Whatever begins the plan, renews its volume and is charged beyond it: all records are of its first window. */
    @Test
    void i2HoldsHoweverAPlanBeginsRenewsAndCharges() {
        for (long seed = 1; seed <= 600; seed++) {
            Random random = Seeds.random(seed);
            PlanTerms terms = AccountFixture.terms(
                            random.nextLong(3_000 * MB) + MB,
                            random.nextBoolean() ? new AfterQuota.Stop() : new AfterQuota.Throttle(Speed.both(384)),
                            Validity.days(7, Validity.StartMode.values()[random.nextInt(3)]))
                    .with(renewal(random))
                    .with(random.nextBoolean() ? null : new Overage("EUR", 10_000, 1_000_000, 1_000_000));
            List<UsageRecord> records = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                records.add(random.nextBoolean() ? delta("d" + i, random) : reading("c" + i, random));
            }
            AccountState straight = countAll(terms, records);
            Collections.shuffle(records, random);
            AccountState other = countAll(terms, records);
            assertThat(other.usedBytes()).as("seed " + seed).isEqualTo(straight.usedBytes());
            assertThat(other.beyondBytes()).as("seed " + seed).isEqualTo(straight.beyondBytes());
            assertThat(other.buckets()).as("seed " + seed).isEqualTo(straight.buckets());
            assertThat(other.charges().minor())
                    .as("seed " + seed)
                    .isEqualTo(straight.charges().minor());
        }
    }

    private static Renewal renewal(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Renewal(Renewal.Every.DAY, 0);
            case 1 -> new Renewal(Renewal.Every.WEEK, 100 * MB);
            case 2 -> new Renewal(Renewal.Every.MONTH, 0);
            default -> null;
        };
    }

    /** A session that began two hours ago, whose count grows with time. */
    private static UsageRecord reading(String key, Random random) {
        int seconds = random.nextInt(7_200);
        UsageRecord reading = cumulative(key, "s" + random.nextInt(3), 64, seconds * MB / 10, NOON);
        return AccountFixture.during(reading, NOON.minusSeconds(7_200), NOON.minusSeconds(7_200 - seconds));
    }

    private AccountState countAll(PlanTerms terms, List<UsageRecord> records) {
        Instant opened = NOON.minusSeconds(86_400);
        AccountState state = AccountFixture.begun(decider, terms, opened);
        if (terms.overage() != null) {
            AccountCommand agree = new AccountCommand.AgreeOverage(0, "words", AccountFixture.ADMIN);
            state = decider.decide(state, agree, opened).state();
        }
        for (UsageRecord record : records) {
            state = decider.decide(state, new AccountCommand.CountUsage(record, NETWORK), NOON)
                    .state();
        }
        return state;
    }

    @Test
    void i4WhatIsUsedAndPromisedNeverPassesTheVolume() {
        for (long seed = 1; seed <= 100; seed++) {
            Random random = Seeds.random(seed);
            AccountState state = chargeable(random.nextLong(400 * MB) + MB);
            long quota = state.terms().quotaBytes();
            for (int i = 0; i < 200; i++) {
                long number = 1 + random.nextInt(5);
                ChargingSession session = session(state, number);
                boolean open = session != null && session.open();
                // A consumer that keeps to its grant; now and then it ends.
                long used = open ? random.nextLong(session.promisedBytes() + 1) : 0;
                ChargeCommand.Step step = !open
                        ? ChargeCommand.Step.CREATE
                        : random.nextInt(8) == 0 ? ChargeCommand.Step.RELEASE : ChargeCommand.Step.UPDATE;
                state = charge(state, step, number, "m" + i, used, NOON).state();
                long promised = state.charging().stream()
                        .mapToLong(ChargingSession::promisedBytes)
                        .sum();
                assertThat(state.usedBytes() + promised).as("seed " + seed).isLessThanOrEqualTo(quota);
            }
            assertThat(state.beyondBytes()).as("seed " + seed).isZero();
        }
    }

    @Test
    void i6ReleaseAndExpiryGiveBackWhatIsLeftOfAGrantOnce() {
        AccountState created = charge(chargeable(100 * MB), ChargeCommand.Step.CREATE, 1, "c", 0, NOON)
                .state();
        long granted = session(created, 1).promisedBytes();
        assertThat(granted).isPositive();
        AccountState released = charge(created, ChargeCommand.Step.RELEASE, 1, "r", 3 * MB, NOON)
                .state();
        assertThat(released.usedBytes()).isEqualTo(3 * MB);
        assertThat(session(released, 1).promisedBytes()).isZero();
        AccountState again = charge(released, ChargeCommand.Step.RELEASE, 1, "r", 3 * MB, NOON)
                .state();
        assertThat(again.usedBytes()).as("released once").isEqualTo(3 * MB);

        Instant late = NOON.plus(Duration.ofHours(1));
        AccountState expired = decider.decide(created, new AccountCommand.Tick(Actor.system("clock")), late)
                .state();
        assertThat(session(expired, 1).promisedBytes()).isZero();
        ChargeCommand update = message(ChargeCommand.Step.UPDATE, 1, "u", 2 * MB, late, List.of());
        AccountState settled = decider.decide(expired, update, late).state();
        assertThat(settled.usedBytes()).as("late use is settled").isEqualTo(2 * MB);
        assertThat(session(settled, 1).promisedBytes())
                .as("and brings no promise back")
                .isZero();
    }

    @Test
    void i9SessionsShareAVolumeAndWhoWaitsIsServedWhenOthersRelease() {
        AccountState state = chargeable(4 * MB);
        for (int i = 1; i <= 5; i++) {
            state = charge(state, ChargeCommand.Step.CREATE, i, "c" + i, 0, NOON)
                    .state();
        }
        assertThat(state.charging().stream()
                        .mapToLong(ChargingSession::promisedBytes)
                        .sum())
                .as("all is promised, and no more")
                .isEqualTo(4 * MB);
        assertThat(session(state, 5).waiting()).isTrue();
        Decision released = charge(state, ChargeCommand.Step.RELEASE, 1, "r1", 0, NOON);
        assertThat(released.effects())
                .as("who waits is told")
                .anyMatch(effect -> effect instanceof Effect.SessionNotice notice && notice.session() == 5);
        state = charge(released.state(), ChargeCommand.Step.UPDATE, 5, "u5", 0, NOON)
                .state();
        assertThat(session(state, 5).promisedBytes()).isEqualTo(GrantTerms.DEFAULT.smallestBytes());
    }

    @Test
    void i5TheSameCommandGetsTheSameAnswer() {
        AccountKey key = fixture.open(AccountFixture.france());
        Outcome first =
                fixture.submit(key, new AccountCommand.TopUp(100 * MB, "purchase-1", "more", AccountFixture.ADMIN));
        Outcome again =
                fixture.submit(key, new AccountCommand.TopUp(100 * MB, "purchase-1", "more", AccountFixture.ADMIN));
        AccountView before = ((Outcome.Accepted) first).account();
        AccountView after = ((Outcome.Duplicate) again).account();
        assertThat(after.buckets()).isEqualTo(before.buckets());
        assertThat(after.policy()).isEqualTo(before.policy());
        assertThat(after.version()).isEqualTo(before.version());
    }

    @Test
    void i7TheVersionOfThePolicyRisesByOneAndI8EachDecisionHasOneRowForTheNetwork() {
        AccountKey key = fixture.open(AccountFixture.france());
        for (int i = 0; i < 5; i++) {
            fixture.accepted(key, new AccountCommand.Pause(AccountFixture.ADMIN));
            fixture.accepted(key, new AccountCommand.Resume(AccountFixture.ADMIN));
        }
        AccountView view = fixture.accepted(key, new AccountCommand.Tick(Actor.system("test")));
        assertThat(view.policy().version()).isEqualTo(10);
        assertThat(fixture.number("""
                        SELECT count(*) FROM decision d
                        JOIN outbox o ON o.stream = 'network' AND o.key = ? AND o.version = d.version
                        WHERE d.account_id = ? AND d.version BETWEEN 1 AND 10
                        """, view.subscriptionId(), key.accountId())).isEqualTo(10);
        assertThat(fixture.number(
                        "SELECT count(*) FROM outbox WHERE stream = 'network' AND key = ?", view.subscriptionId()))
                .isEqualTo(10);
        assertThat(fixture.number("SELECT desired_version FROM policy_state WHERE account_id = ?", key.accountId()))
                .isEqualTo(10);
        assertThat(fixture.number(
                        "SELECT count(*) FROM audit WHERE object_id = ? AND action = 'policy.decided'",
                        dev.octroi.db.PublicId.ACCOUNT.format(key.accountId())))
                .isEqualTo(10);
    }

    /** Neighbours change places: what grows between the newest that is known and the next stays below half the range. */
    @Test
    void i10CumulativeCountersThatWrapOrResetCountWhatWasUsedInAnyOrderOfNeighbours() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = Seeds.random(seed);
            List<UsageRecord> records = new ArrayList<>();
            long truth = 0;
            long counter = 0;
            int session = 0;
            Instant at = NOON;
            for (int i = 0; i < 200; i++) {
                long bytes = random.nextLong(1L << 30);
                counter += bytes;
                truth += bytes;
                at = at.plusSeconds(60);
                records.add(cumulative("w" + i, "s" + session, 32, counter % (1L << 32), at));
                if (random.nextInt(40) == 0) {
                    session++;
                    counter = 0;
                }
            }
            for (int i = 0; i < records.size(); i += 2) {
                Collections.shuffle(records.subList(i, i + 2), random);
            }
            assertThat(countAll(records).countedBytes()).as("seed " + seed).isEqualTo(truth);
        }
    }

    /** A sender that leaves the wraps out as long as there are none (RFC 2869 §5.1) has 32 bits first and 64 later. */
    @Test
    void i10CountersWhoseWrapsAreToldFromTheFirstOnCountWhatWasUsedInAnyOrder() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = Seeds.random(seed);
            List<UsageRecord> records = new ArrayList<>();
            long counter = 0;
            Instant at = NOON;
            for (int i = 0; i < 20; i++) {
                counter += random.nextLong(1L << 31);
                // Now and then two readings are of one second.
                at = at.plusSeconds(i % 2 == 1 && random.nextBoolean() ? 0 : 900);
                records.add(cumulative("g" + i, "s", counter < 1L << 32 ? 32 : 64, counter, at));
            }
            Collections.shuffle(records, random);
            assertThat(countAll(records).countedBytes()).as("seed " + seed).isEqualTo(counter);
        }
    }

    @Test
    void i10EarlierReadingThatComesLateGivesWhatBothGiveInTheirOrder() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = Seeds.random(seed);
            UsageRecord one = cumulative("one", "s", 32, random.nextLong(1L << 32), NOON.minusSeconds(900));
            UsageRecord two = cumulative("two", "s", 32, random.nextLong(1L << 32), NOON);
            assertThat(countAll(List.of(two, one)).countedBytes())
                    .as("seed " + seed)
                    .isEqualTo(countAll(List.of(one, two)).countedBytes());
        }
    }

    private AccountState chargeable(long quotaBytes) {
        Instant opened = NOON.minusSeconds(3_600);
        PlanTerms terms =
                AccountFixture.terms(quotaBytes, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER));
        AccountState fresh =
                AccountState.fresh(new NewAccount(new AccountKey(1, 256), 512, terms, AccountFixture.PARIS, opened));
        return decider.decide(
                        fresh,
                        new AccountCommand.StartPeriod(
                                AccountCommand.StartPeriod.Cause.ORDER, opened, Actor.system("order")),
                        opened)
                .state();
    }

    private Decision charge(
            AccountState state, ChargeCommand.Step step, long session, String message, long used, Instant at) {
        return decider.decide(state, message(step, session, message, used, at, List.of(10L)), at);
    }

    private static ChargeCommand message(
            ChargeCommand.Step step, long session, String message, long used, Instant at, List<Long> asking) {
        List<UsageRecord> records = used == 0 ? List.of() : List.of(AccountFixture.record(message, used, at));
        return new ChargeCommand(
                step,
                session,
                1,
                message,
                Duration.ofMinutes(5),
                at,
                records,
                null,
                used == 0 ? Map.of() : Map.of(GrantHolder.of(10), used),
                Set.of(),
                asking.stream().map(GrantHolder::of).toList(),
                null,
                null,
                "sealed address",
                GrantTerms.DEFAULT,
                NETWORK);
    }

    private static ChargingSession session(AccountState state, long number) {
        return state.charging().stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElse(null);
    }

    private AccountState countAll(List<UsageRecord> records) {
        AccountState state = begun();
        Set<String> ledger = new HashSet<>();
        for (UsageRecord record : records) {
            if (ledger.add(record.key())) {
                state = count(state, record);
            }
        }
        Policy policy = state.policy();
        assertThat(policy.version()).isLessThanOrEqualTo(1);
        return state;
    }

    private AccountState count(AccountState state, UsageRecord record) {
        return decider.decide(
                        state,
                        new AccountCommand.CountUsage(record, NETWORK),
                        NOON.isAfter(record.eventEnd()) ? NOON : record.eventEnd())
                .state();
    }

    private AccountState begun() {
        AccountState fresh = AccountState.fresh(new NewAccount(
                new AccountKey(1, 256), 512, AccountFixture.france(), AccountFixture.PARIS, NOON.minusSeconds(86_400)));
        return decider.decide(
                        fresh,
                        new AccountCommand.StartPeriod(
                                AccountCommand.StartPeriod.Cause.ORDER,
                                NOON.minusSeconds(86_400),
                                Actor.system("order")),
                        NOON.minusSeconds(86_400))
                .state();
    }

    private static UsageRecord delta(String key, Random random) {
        return AccountFixture.record(key, random.nextLong(300 * MB), NOON.minusSeconds(random.nextInt(7_200)));
    }

    private static UsageRecord balance(String key, Random random) {
        Instant end = NOON.minusSeconds(random.nextInt(7_200));
        UsageRecord.Meaning meaning =
                random.nextBoolean() ? UsageRecord.Meaning.ABSOLUTE_REMAINING : UsageRecord.Meaning.GONE_OF_TOTAL;
        return AccountFixture.balance(key, meaning, meaning + "-1", random.nextLong(500 * MB), end);
    }

    private static UsageRecord cumulative(String key, Random random) {
        String session = "s" + random.nextInt(3);
        long count = random.nextLong(500 * MB);
        return cumulative(key, session, 64, count, NOON.minusSeconds(random.nextInt(7_200)));
    }

    private static UsageRecord cumulative(String key, String session, int bits, long count, Instant end) {
        return new UsageRecord(
                "net-a",
                key,
                UsageRecord.Meaning.SESSION_CUMULATIVE,
                session,
                bits,
                end,
                end,
                end,
                0,
                count,
                "208-01",
                "FR",
                null,
                "NR",
                Category.WEB);
    }
}

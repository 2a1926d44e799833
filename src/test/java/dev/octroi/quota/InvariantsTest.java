package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.MB;
import static dev.octroi.quota.QuotaFixture.NETWORK;
import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
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
        AccountKey key = fixture.open(QuotaFixture.france());
        List<Accounts.Submission> commands = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            AccountCommand command = i % 97 == 96
                    ? new AccountCommand.TopUp(50 * MB, "t" + i, "more", QuotaFixture.ADMIN)
                    : new AccountCommand.CountUsage(
                            QuotaFixture.record("r" + random.nextInt(300), random.nextLong(20 * MB), fixture.now.get()),
                            NETWORK);
            commands.add(new Accounts.Submission(key, command));
        }
        await(fixture.accounts.submitAll(commands));
        assertThat(fixture.number("""
                        SELECT count(*) FROM account a
                        WHERE a.id = ?
                          AND used_bytes + beyond_bytes = (SELECT sum(delta_bytes) FROM ledger WHERE account_id = a.id)
                          AND used_bytes + beyond_bytes = (SELECT sum(up_bytes + down_bytes) FROM usage_hour WHERE account_id = a.id)
                          AND used_bytes = (SELECT sum(used_bytes + past_bytes) FROM bucket WHERE account_id = a.id)
                        """, key.accountId())).isEqualTo(1);
    }

    @Test
    void i2AnyOrderAndAnyRepetitionGiveTheSameEnd() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
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

    @Test
    void i5TheSameCommandGetsTheSameAnswer() {
        AccountKey key = fixture.open(QuotaFixture.france());
        Outcome first =
                fixture.submit(key, new AccountCommand.TopUp(100 * MB, "purchase-1", "more", QuotaFixture.ADMIN));
        Outcome again =
                fixture.submit(key, new AccountCommand.TopUp(100 * MB, "purchase-1", "more", QuotaFixture.ADMIN));
        AccountView before = ((Outcome.Accepted) first).account();
        AccountView after = ((Outcome.Duplicate) again).account();
        assertThat(after.buckets()).isEqualTo(before.buckets());
        assertThat(after.policy()).isEqualTo(before.policy());
        assertThat(after.version()).isEqualTo(before.version());
    }

    @Test
    void i7TheVersionOfThePolicyRisesByOneAndI8EachDecisionHasOneRowForTheNetwork() {
        AccountKey key = fixture.open(QuotaFixture.france());
        for (int i = 0; i < 5; i++) {
            fixture.accepted(key, new AccountCommand.Pause(QuotaFixture.ADMIN));
            fixture.accepted(key, new AccountCommand.Resume(QuotaFixture.ADMIN));
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

    @Test
    void i10CumulativeCountersThatWrapOrResetCountWhatWasUsed() {
        Random random = new Random(3);
        AccountState state = begun();
        long truth = 0;
        long counter = 0;
        int session = 0;
        Instant at = NOON;
        for (int i = 0; i < 500; i++) {
            long bytes = random.nextLong(1L << 30);
            counter += bytes;
            truth += bytes;
            at = at.plusSeconds(60);
            state = count(state, cumulative("w" + i, "s" + session, 32, counter % (1L << 32), at));
            if (random.nextInt(40) == 0) {
                session++;
                counter = 0;
            }
        }
        assertThat(state.countedBytes()).isEqualTo(truth);
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
                new AccountKey(1, 256), 512, QuotaFixture.france(), QuotaFixture.PARIS, NOON.minusSeconds(86_400)));
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
        return QuotaFixture.record(key, random.nextLong(300 * MB), NOON.minusSeconds(random.nextInt(7_200)));
    }

    private static UsageRecord balance(String key, Random random) {
        Instant end = NOON.minusSeconds(random.nextInt(7_200));
        UsageRecord.Meaning meaning =
                random.nextBoolean() ? UsageRecord.Meaning.ABSOLUTE_REMAINING : UsageRecord.Meaning.GONE_OF_TOTAL;
        return QuotaFixture.balance(key, meaning, meaning + "-1", random.nextLong(500 * MB), end);
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

package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.db.Database;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.decide.AccountFixture;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Subscriptions that had a volume of their own go on with another one's, on a real database. */
class SharedJoinTest {
    private static final PlanTerms FAMILY = family(3);

    private static QuotaFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static PlanTerms family(int members) {
        return AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER))
                .with(new Sharing(members, 10 * MB, null));
    }

    private static AccountView view(AccountKey key) {
        return await(new AccountReader(fixture.database, fixture.clock).view(key.tenantId(), key.accountId()))
                .orElseThrow();
    }

    private static Level level(AccountKey key) {
        return view(key).policy().level();
    }

    private static Outcome join(AccountKey key, AccountKey owner) {
        return fixture.submit(key, new AccountCommand.JoinShared(owner, ADMIN));
    }

    private static Refusal refusal(AccountKey key, AccountKey owner) {
        return switch (join(key, owner)) {
            case Outcome.Refused refused -> refused.code();
            case Outcome other -> throw new AssertionError(other);
        };
    }

    /** One whose own volume is used up, most likely on another virtual shard than any other. */
    private static AccountKey usedUp(PlanTerms terms) {
        AccountKey key = fixture.open(terms);
        fixture.use(key, "own", 100 * MB);
        assertThat(level(key)).isEqualTo(Level.SUSPENDED_DATA);
        return key;
    }

    private static long ledger(AccountKey key, String where) {
        return fixture.number(
                "SELECT coalesce(sum(delta_bytes), 0) FROM ledger WHERE account_id = ? AND " + where, key.accountId());
    }

    @Test
    void oneWhoseVolumeIsUsedUpGoesOnWithTheOwnersAndLeavesAgain() {
        AccountKey owner = fixture.open(FAMILY);
        AccountKey late = usedUp(FAMILY);
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        assertThat(join(late, owner)).isInstanceOf(Outcome.Accepted.class);
        assertThat(join(late, owner)).as("sent again").isInstanceOf(Outcome.Duplicate.class);
        assertThat(level(late)).isEqualTo(Level.NORMAL);
        assertThat(view(late)).satisfies(view -> {
            assertThat(view.totalBytes()).as("it brings nothing").isEqualTo(100 * MB);
            assertThat(view.remainingBytes()).isEqualTo(100 * MB);
            assertThat(view.beyondBytes()).isZero();
        });
        fixture.use(late, "shared", 30 * MB);
        assertThat(view(owner).remainingBytes()).isEqualTo(70 * MB);
        MembersView members = await(
                        new AccountReader(fixture.database, fixture.clock).members(owner.tenantId(), owner.accountId()))
                .orElseThrow();
        assertThat(members.of(view(late).subscriptionId())).satisfies(member -> {
            assertThat(member.usedBytes()).as("of the shared volume only").isEqualTo(30 * MB);
            assertThat(member.beyondBytes()).isZero();
        });
        assertThat(members.formerBytes()).isZero();
        assertThat(ledger(late, "true")).isEqualTo(130 * MB);
        assertThat(fixture.number(
                        "SELECT count(*) FROM ledger WHERE account_id = ? AND source = 'octroi' AND key LIKE 'member.joined:%'",
                        owner.accountId()))
                .as("the owner's ledger says between which rows it joined")
                .isEqualTo(1);

        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        fixture.accepted(late, new AccountCommand.LeaveShared("moved out", ADMIN));
        assertThat(view(late).policy().reasonCode()).isEqualTo("member.left");
        assertThat(view(late).totalBytes())
                .as("no volume of its own comes back")
                .isZero();
        assertThat(view(owner).remainingBytes()).isEqualTo(70 * MB);
        fixture.use(late, "after", MB);
        assertThat(view(owner).remainingBytes()).isEqualTo(70 * MB);
        assertThat(refusal(late, owner)).as("nobody joins again").isEqualTo(Refusal.NOT_ALLOWED);
    }

    @Test
    void endOfTheSharedVolumeReachesOneThatJoinedLater() {
        AccountKey owner = fixture.open(FAMILY);
        AccountKey late = usedUp(FAMILY);
        join(late, owner);
        long before = view(late).policy().version();
        fixture.use(owner, "all", 100 * MB);
        assertThat(level(late)).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(view(late).policy().version())
                .as("its policies are numbered on")
                .isEqualTo(before + 1);
        fixture.accepted(late, new AccountCommand.TopUp(50 * MB, "t-late", "more", ADMIN));
        assertThat(level(owner)).isEqualTo(Level.NORMAL);
        assertThat(level(late)).isEqualTo(Level.NORMAL);
    }

    @Test
    void oneWhoseVolumeComesAnewKeepsTheWindowsThatItPaidFor() {
        PlanTerms daily = FAMILY.with(new Renewal(Renewal.Every.DAY, 0));
        AccountKey owner = fixture.open(daily);
        AccountKey late = usedUp(daily);
        assertThat(refusal(late, owner)).isEqualTo(Refusal.VOLUME_LEFT);
        fixture.now.updateAndGet(at -> at.plus(Duration.ofDays(1)));
        fixture.accepted(late, new AccountCommand.Tick(ADMIN));
        assertThat(view(late).remainingBytes()).as("the second day").isEqualTo(100 * MB);

        fixture.now.updateAndGet(at -> at.plus(Duration.ofDays(29)).minusSeconds(60));
        fixture.use(late, "last", 100 * MB);
        assertThat(view(late).period().renewsAt()).as("no other window comes").isNull();
        assertThat(join(late, owner)).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void oneThatCannotJoinKeepsItsOwn() {
        AccountKey owner = fixture.open(FAMILY);
        AccountKey full = fixture.open(FAMILY);
        assertThat(refusal(full, owner)).isEqualTo(Refusal.VOLUME_LEFT);
        assertThat(view(full).remainingBytes()).isEqualTo(100 * MB);
        assertThat(refusal(usedUp(family(4)), owner)).isEqualTo(Refusal.PLAN_MISMATCH);
        AccountKey alone = fixture.open(AccountFixture.france());
        assertThat(refusal(usedUp(FAMILY), alone)).isEqualTo(Refusal.NOT_SHARED);
        AccountKey member = fixture.join(owner);
        assertThat(refusal(usedUp(FAMILY), member)).isEqualTo(Refusal.NOT_THE_OWNER);
        assertThat(refusal(usedUp(FAMILY), new AccountKey(owner.tenantId(), fixture.ids.next())))
                .isEqualTo(Refusal.NOT_THE_OWNER);
        AccountKey itself = usedUp(FAMILY);
        assertThat(refusal(itself, itself)).isEqualTo(Refusal.NOT_THE_OWNER);
        fixture.join(owner);
        assertThat(refusal(usedUp(FAMILY), owner)).isEqualTo(Refusal.SHARED_FULL);
        assertThat(refusal(owner, full)).as("an owner stays one").isEqualTo(Refusal.NOT_ALLOWED);
    }

    @Test
    void whatComesLateOfTheTimeBeforeIsNotTakenFromTheSharedVolume() {
        AccountKey owner = fixture.open(FAMILY);
        AccountKey late = usedUp(FAMILY);
        Rule rule = new Rule(
                "plan",
                Rule.Owner.USER,
                Condition.over(Rule.Window.PERIOD, 20 * MB),
                List.of(new Action.Pause()),
                Rule.WINDOW_END);
        Instant before = fixture.now.get();
        fixture.now.updateAndGet(now -> now.plus(Duration.ofMinutes(30)));
        join(late, owner);
        fixture.accepted(late, new AccountCommand.PutRules(Rule.Owner.USER, List.of(rule), null, ADMIN));
        fixture.accepted(late, new AccountCommand.CountUsage(AccountFixture.record("late", 40 * MB, before), NETWORK));
        assertThat(view(owner).remainingBytes()).isEqualTo(100 * MB);
        assertThat(level(late)).as("nor is it of the plan's window for a rule").isEqualTo(Level.NORMAL);
        assertThat(view(late).beyondBytes()).isZero();
        fixture.use(late, "now", 20 * MB);
        assertThat(view(owner).remainingBytes()).isEqualTo(80 * MB);
        assertThat(level(late)).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(ledger(late, "true")).isEqualTo(160 * MB);
    }

    @Test
    void anotherGatewayThatRemembersTheAccountAloneTakesFromTheSharedVolumeToo() {
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        Accounts second = fixture.gateway(other);
        AccountKey owner = fixture.open(FAMILY);
        AccountKey late = usedUp(FAMILY);
        await(second.submit(late, new AccountCommand.Tick(NETWORK)));
        await(second.submit(owner, new AccountCommand.Tick(NETWORK)));
        join(late, owner);
        Instant at = fixture.now.get().plusSeconds(1);
        fixture.now.set(at);
        await(second.submit(late, new AccountCommand.CountUsage(AccountFixture.record("a", 10 * MB, at), NETWORK)));
        await(second.submit(owner, new AccountCommand.CountUsage(AccountFixture.record("b", 10 * MB, at), NETWORK)));
        assertThat(view(owner).remainingBytes()).isEqualTo(80 * MB);
        assertThat(view(late).remainingBytes()).isEqualTo(80 * MB);
        await(other.close());
    }

    @Test
    void twoGatewaysWhileSubscriptionsJoinLoseAndDoubleNothing() {
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        Accounts second = fixture.gateway(other);
        AccountKey owner = fixture.open(family(5));
        List<AccountKey> keys = new ArrayList<>(List.of(owner, fixture.join(owner)));
        for (int i = 0; i < 3; i++) {
            keys.add(usedUp(family(5)));
        }
        Instant at = fixture.now.updateAndGet(now -> now.plusSeconds(60));
        List<Future<List<Outcome>>> rounds = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            for (Accounts gateway : List.of(fixture.accounts, second)) {
                List<Accounts.Submission> commands = new ArrayList<>();
                if (round == 1) {
                    keys.subList(2, 5)
                            .forEach(key -> commands.add(
                                    new Accounts.Submission(key, new AccountCommand.JoinShared(owner, ADMIN))));
                }
                for (int i = 0; i < 20; i++) {
                    String name = i % 2 == 0 ? "both-" + round + "-" + i : gateway.hashCode() + "-" + round + "-" + i;
                    commands.add(new Accounts.Submission(
                            keys.get(i % 5),
                            new AccountCommand.CountUsage(AccountFixture.record(name, MB, at), NETWORK)));
                }
                rounds.add(gateway.submitAll(commands));
            }
        }
        rounds.forEach(QuotaFixture::await);
        long counted = 0;
        for (AccountKey key : keys) {
            counted += ledger(key, "true");
            assertThat(view(key).shared()).isNotNull();
            assertThat(level(key)).isEqualTo(Level.SUSPENDED_DATA);
        }
        assertThat(counted).as("each record once, and what was used before").isEqualTo((8 * 30 + 3 * 100) * MB);
        assertThat(view(owner).remainingBytes()).isZero();
        assertThat(fixture.number("SELECT sum(used_bytes) FROM account_hot WHERE account_id = ANY (?)", (Object)
                        keys.stream().map(AccountKey::accountId).toArray(Long[]::new)))
                .as("what the members took is what is gone")
                .isEqualTo(view(owner).usedBytes());
        await(other.close());
    }

    @Test
    void whatIsReadBackOfALateMemberIsWhatWasWritten() {
        AccountKey owner = fixture.open(FAMILY);
        AccountKey late = usedUp(FAMILY);
        join(late, owner);
        AccountState read = await(fixture.database.inWorker(
                        connection -> new AccountLoadStore().load(connection, List.of(late), false)))
                .get(late);
        assertThat(read.share()).isInstanceOfSatisfying(Share.Member.class, member -> {
            assertThat(member.ownerId()).isEqualTo(owner.accountId());
            assertThat(member.beforeBytes()).isEqualTo(100 * MB);
            assertThat(member.joinedAt()).isNotNull();
        });
        assertThat(read.buckets()).isEmpty();
        assertThat(read.usedBytes()).isZero();
        assertThat(read.countedBytes()).isEqualTo(100 * MB);
    }
}

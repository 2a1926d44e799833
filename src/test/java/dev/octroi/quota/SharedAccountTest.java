package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.db.Database;
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Charged;
import dev.octroi.quota.account.Forecast;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.Joining;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.VolumeGrant;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.NextMoment;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several subscriptions on one volume, on a real database. */
class SharedAccountTest {
    private static QuotaFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static PlanTerms family(long quotaBytes, int members, long memberBytes) {
        return AccountFixture.terms(quotaBytes, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER))
                .with(new Sharing(members, memberBytes, null));
    }

    private static AccountKey join(AccountKey owner) {
        return fixture.join(owner);
    }

    private static Level level(AccountKey key) {
        return view(key).policy().level();
    }

    private static AccountView view(AccountKey key) {
        return await(reader().view(key.tenantId(), key.accountId())).orElseThrow();
    }

    private static AccountReader reader() {
        return new AccountReader(fixture.database, fixture.clock);
    }

    private static long ledger(AccountKey key) {
        return fixture.number("SELECT coalesce(sum(delta_bytes), 0) FROM ledger WHERE account_id = ?", key.accountId());
    }

    @Test
    void whatOneUsesIsGoneForAllAndTheEndReachesEachProfile() {
        AccountKey owner = fixture.open(family(100 * MB, 3, 0));
        AccountKey child = join(owner);
        fixture.use(child, "a", 60 * MB);
        assertThat(view(owner).remainingBytes()).isEqualTo(40 * MB);
        assertThat(view(child).remainingBytes()).isEqualTo(40 * MB);
        fixture.use(owner, "b", 40 * MB);

        assertThat(level(owner)).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(level(child)).isEqualTo(Level.SUSPENDED_DATA);
        for (AccountKey each : List.of(owner, child)) {
            long subscription = view(each).subscriptionId();
            assertThat(fixture.number(
                            "SELECT count(*) FROM outbox WHERE stream = 'network' AND key = ? AND version = 1",
                            subscription))
                    .as("one callback for each profile")
                    .isEqualTo(1);
            assertThat(fixture.number(
                            "SELECT desired_version FROM policy_state WHERE subscription_id = ?", subscription))
                    .isEqualTo(1);
        }
        fixture.accepted(child, new AccountCommand.TopUp(200 * MB, "t-1", "more", ADMIN));
        assertThat(level(owner)).isEqualTo(Level.NORMAL);
        assertThat(level(child)).isEqualTo(Level.NORMAL);
        assertThat(ledger(owner)).isEqualTo(40 * MB);
        assertThat(ledger(child)).isEqualTo(60 * MB);
    }

    @Test
    void capBlocksOnlyItsMemberAndASharedSuspensionEveryOne() {
        AccountKey owner = fixture.open(family(500 * MB, 3, 0));
        AccountKey child = join(owner);
        AccountKey partner = join(owner);
        fixture.accepted(child, new AccountCommand.SetMemberCap(new MemberCap(30 * MB, MemberCap.Window.DAY), ADMIN));
        fixture.use(child, "a", 30 * MB);
        assertThat(view(child).policy().reasonCode()).isEqualTo("member.cap_reached");
        assertThat(level(owner)).isEqualTo(Level.NORMAL);
        assertThat(level(partner)).isEqualTo(Level.NORMAL);
        assertThat(view(child).shared()).satisfies(shared -> {
            assertThat(shared.isOwner()).isFalse();
            assertThat(shared.members()).isEqualTo(3);
            assertThat(shared.cappedBytes()).isEqualTo(30 * MB);
        });

        fixture.accepted(owner, new AccountCommand.Suspend(RestrictionClass.LEGAL, true, "stolen", ADMIN));
        for (AccountKey each : List.of(owner, child, partner)) {
            assertThat(level(each)).isEqualTo(Level.SUSPENDED_ALL);
        }
        assertThat(fixture.submit(partner, new AccountCommand.Lift(null, RestrictionClass.LEGAL, "no", ADMIN)))
                .as("a member lifts nothing of the whole account")
                .isInstanceOf(Outcome.Refused.class);
        fixture.accepted(owner, new AccountCommand.Lift(null, RestrictionClass.LEGAL, "found", ADMIN));
        assertThat(level(partner)).isEqualTo(Level.NORMAL);
        assertThat(level(child)).isEqualTo(Level.SUSPENDED_DATA);
        Actor reseller = new Actor(Actor.Kind.RESELLER, "shop", null);
        RestrictionClass office = RestrictionClass.ADMINISTRATIVE;
        fixture.accepted(owner, new AccountCommand.Suspend(office, false, "unpaid", reseller));
        assertThat(level(partner)).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(fixture.submit(partner, new AccountCommand.Lift(null, office, "no", reseller)))
                .as("nor does a reseller")
                .isInstanceOf(Outcome.Refused.class);
        fixture.accepted(owner, new AccountCommand.Lift(null, office, "paid", reseller));
        assertThat(level(partner)).isEqualTo(Level.NORMAL);
        fixture.accepted(child, new AccountCommand.SetMemberCap(null, ADMIN));
        assertThat(level(child)).isEqualTo(Level.NORMAL);

        assertThat(fixture.submit(child, new AccountCommand.AgreeOverage(0, "words", ADMIN)))
                .as("charges are the owner's word")
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void joiningBringsVolumeLeavingTakesTheRestAndBothAreInTheLedger() {
        AccountKey owner = fixture.open(family(100 * MB, 2, 50 * MB));
        AccountKey child = join(owner);
        TickJob ticks = new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true);
        fixture.now.updateAndGet(now -> now.plusSeconds(1));
        await(ticks.tick());
        assertThat(view(owner).totalBytes()).as("noted without any command").isEqualTo(150 * MB);
        Optional<Joining> refusal = await(fixture.database.inTenant(
                fixture.tenant, connection -> new AccountStore().mayJoin(connection, owner, 1)));
        assertThat(refusal).contains(Joining.FULL);

        fixture.use(child, "a", 70 * MB);
        Instant before = fixture.now.get();
        fixture.now.updateAndGet(now -> now.plus(Duration.ofHours(1)));
        fixture.accepted(child, new AccountCommand.LeaveShared("moved out", ADMIN));
        assertThat(view(owner).totalBytes())
                .as("what it brought and nobody used is gone")
                .isEqualTo(100 * MB);
        assertThat(view(owner).remainingBytes()).as("what it used stays used").isEqualTo(30 * MB);
        assertThat(level(owner)).isEqualTo(Level.NORMAL);
        assertThat(view(child).policy().reasonCode()).isEqualTo("member.left");
        assertThat(view(child).totalBytes()).isZero();
        assertThat(fixture.submit(child, new AccountCommand.LeaveShared("again", ADMIN)))
                .isInstanceOf(Outcome.Duplicate.class);
        assertThat(fixture.number(
                        "SELECT count(*) FROM ledger WHERE account_id = ? AND source = 'octroi' AND delta_bytes = 0",
                        owner.accountId()))
                .as("joined and left")
                .isEqualTo(2);

        long left = view(owner).remainingBytes();
        AccountCommand late = new AccountCommand.CountUsage(AccountFixture.record("late", 5 * MB, before), NETWORK);
        assertThat(fixture.submit(child, late)).isInstanceOf(Outcome.Accepted.class);
        assertThat(view(owner).remainingBytes()).as("late of its time").isEqualTo(left - 5 * MB);
        fixture.use(child, "after", 7 * MB);
        assertThat(view(owner).remainingBytes()).as("after it left").isEqualTo(left - 5 * MB);
        assertThat(ledger(child)).isEqualTo(82 * MB);
        assertThat(level(child)).isEqualTo(Level.SUSPENDED_DATA);

        AccountKey next = join(owner);
        fixture.use(next, "n", MB);
        MembersView members =
                await(reader().members(owner.tenantId(), next.accountId())).orElseThrow();
        assertThat(members.members()).hasSize(2);
        assertThat(members.formerBytes()).isEqualTo(75 * MB);
        assertThat(members.of(view(next).subscriptionId()).usedBytes()).isEqualTo(MB);
    }

    @Test
    void theLittleThatANewMemberBringsCanBeUsed() {
        AccountKey owner = fixture.open(family(2_000 * MB, 2, 20 * MB));
        fixture.use(owner, "a", 2_000 * MB);
        assertThat(level(owner)).isNotEqualTo(Level.NORMAL);
        AccountKey child = join(owner);
        fixture.use(child, "b", MB);
        assertThat(level(child)).isEqualTo(Level.NORMAL);
        assertThat(level(owner)).isEqualTo(Level.NORMAL);
        assertThat(view(owner).remainingBytes()).isEqualTo(19 * MB);
    }

    @Test
    void whoLeavesWithItsVolumeLeavesTheOthersTheWarningOfTheirs() {
        AccountKey owner = fixture.open(family(100 * MB, 2, 100 * MB));
        AccountKey child = join(owner);
        fixture.use(owner, "a", 160 * MB);
        long subscription = view(owner).subscriptionId();
        assertThat(warnings(subscription)).isEqualTo(1);
        fixture.accepted(owner, new AccountCommand.TopUp(100 * MB, "t-1", "more", ADMIN));
        fixture.accepted(child, new AccountCommand.LeaveShared("moved out", ADMIN));
        assertThat(view(owner).totalBytes()).isEqualTo(200 * MB);
        fixture.use(owner, "b", view(owner).remainingBytes() - 41 * MB);
        assertThat(warnings(subscription)).isEqualTo(1);
        fixture.use(owner, "c", MB);
        assertThat(warnings(subscription)).isEqualTo(2);
    }

    private static long warnings(long subscription) {
        return fixture.number("""
                SELECT count(*) FROM event WHERE subject_id = ? AND type = 'usage.threshold_reached'
                  AND data->>'percent' = '80'
                """, subscription);
    }

    @Test
    void sessionsOfSeveralMembersShareWhatIsLeftAndAFreedRestIsOfferedToThem() {
        AccountKey owner = fixture.open(family(10 * MB, 3, 0));
        AccountKey child = join(owner);
        AccountKey partner = join(owner);
        List<AccountKey> all = List.of(owner, child, partner);
        long promised = 0;
        List<Charged> answers = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (AccountKey each : all) {
                Charged charged = charge(each, fixture.ids.next(each.vshard()), ChargeCommand.Step.CREATE, "c");
                answers.add(charged);
                promised += charged.answer().grants().getFirst().bytes();
            }
        }
        assertThat(promised).as("never more than there is").isEqualTo(10 * MB);
        assertThat(answers.getLast().answer().grants().getFirst().result())
                .isEqualTo(VolumeGrant.Result.QUOTA_LIMIT_REACHED);

        charge(owner, answers.getFirst().session(), ChargeCommand.Step.RELEASE, "r");
        assertThat(fixture.number(
                        "SELECT count(*) FROM outbox WHERE stream = 'charging' AND payload->>'account' = ?",
                        Long.toString(partner.accountId())))
                .as("a waiting session of another member is told")
                .isPositive();
    }

    @Test
    void reportOfTheTimeBeforeAndAfterItsAccountLeftIsOfTheVolumeForTheTimeBefore() {
        AccountKey owner = fixture.open(family(400 * MB, 2, 0));
        AccountKey child = join(owner);
        fixture.use(child, "begun", MB);
        long session = fixture.ids.next(child.vshard());
        charge(child, session, ChargeCommand.Step.CREATE, "c");
        Instant before = fixture.now.get();
        fixture.now.updateAndGet(now -> now.plusSeconds(10));
        fixture.accepted(child, new AccountCommand.LeaveShared("moved out", ADMIN));
        fixture.now.updateAndGet(now -> now.plusSeconds(3));
        List<UsageRecord> used = List.of(
                AccountFixture.record(session + ".1", 40 * MB, before),
                AccountFixture.record(session + ".2", 5 * MB, fixture.now.get().minusSeconds(1)));
        for (int i = 0; i < 2; i++) {
            charge(child, session, ChargeCommand.Step.UPDATE, "u" + i, used);
            assertThat(view(owner).remainingBytes()).isEqualTo(359 * MB);
            assertThat(ledger(child)).isEqualTo(46 * MB);
            assertThat(view(child).policy().reasonCode()).isEqualTo("member.left");
            assertThat(view(child).totalBytes()).isZero();
        }
    }

    private static Charged charge(AccountKey key, long session, ChargeCommand.Step step, String message) {
        return charge(key, session, step, message, List.of());
    }

    private static Charged charge(
            AccountKey key, long session, ChargeCommand.Step step, String message, List<UsageRecord> used) {
        ChargeCommand command = new ChargeCommand(
                step,
                session,
                9,
                message + session,
                Duration.ofDays(1),
                fixture.now.get(),
                used,
                null,
                Map.of(),
                Set.of(),
                step == ChargeCommand.Step.RELEASE ? List.of() : List.of(GrantHolder.of(1)),
                null,
                null,
                "c2VhbGVk",
                GrantTerms.DEFAULT,
                NETWORK);
        return switch (fixture.submit(key, command)) {
            case Outcome.Accepted accepted -> accepted.charged();
            case Outcome other -> throw new AssertionError(other);
        };
    }

    @Test
    void ownerAndMembersSeeWhenAllTogetherWillHaveUsedTheVolume() {
        AccountKey owner = fixture.open(family(3_000 * MB, 4, 0));
        AccountKey child = join(owner);
        AccountKey former = join(owner);
        Instant opened = fixture.now.get();
        hours(former, opened, 1, 24, 10 * MB);
        fixture.accepted(former, new AccountCommand.LeaveShared("moved out", ADMIN));
        hours(owner, opened, 1, 48, 5 * MB);
        hours(child, opened, 1, 48, 15 * MB);
        fixture.now.set(opened.plus(Duration.ofHours(48)).plusSeconds(120));

        Forecast forecast = view(owner).forecast();
        assertThat(forecast).isNotNull();
        // What is left, 1,800 MB, lasts 90 hours at 20 MB an hour; the one that left uses nothing any more.
        assertThat(forecast.depletesAt())
                .isBetween(
                        fixture.now.get().plus(Duration.ofHours(84)),
                        fixture.now.get().plus(Duration.ofHours(97)));
        assertThat(forecast.earliest()).isBeforeOrEqualTo(forecast.depletesAt());
        assertThat(view(child).forecast()).as("one volume, one forecast").isEqualTo(forecast);
        assertThat(view(child).freshness())
                .as("one volume, as new as its newest record")
                .isEqualTo(view(owner).freshness());
        assertThat(view(former).forecast()).as("no volume any more").isNull();
    }

    private static void hours(AccountKey key, Instant opened, int first, int last, long bytes) {
        List<Accounts.Submission> records = new ArrayList<>();
        for (int hour = first; hour <= last; hour++) {
            Instant at = opened.plus(Duration.ofHours(hour));
            records.add(new Accounts.Submission(
                    key,
                    new AccountCommand.CountUsage(
                            AccountFixture.record(key.accountId() + "-" + hour, bytes, at), NETWORK)));
        }
        fixture.now.updateAndGet(now -> {
            Instant end = opened.plus(Duration.ofHours(last));
            return end.isAfter(now) ? end : now;
        });
        await(fixture.accounts.submitAll(records));
    }

    @Test
    void twoGatewaysAndSeveralMembersAtOnceLoseAndDoubleNothing() {
        Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
        Accounts second = fixture.gateway(other);
        AccountKey owner = fixture.open(family(100 * MB, 5, 0));
        List<AccountKey> keys = new ArrayList<>(List.of(owner));
        for (int i = 0; i < 4; i++) {
            keys.add(join(owner));
        }
        List<Future<List<Outcome>>> rounds = new ArrayList<>();
        Instant at = fixture.now.get();
        for (int round = 0; round < 12; round++) {
            for (Accounts gateway : List.of(fixture.accounts, second)) {
                List<Accounts.Submission> records = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    // Every second record reaches both gateways.
                    String name = i % 2 == 0 ? "both-" + round + "-" + i : gateway.hashCode() + "-" + round + "-" + i;
                    records.add(new Accounts.Submission(
                            keys.get(i % 5),
                            new AccountCommand.CountUsage(AccountFixture.record(name, MB, at), NETWORK)));
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
        assertThat(accepted).isEqualTo(12 * (10 + 10 + 10));
        long sum = 0;
        for (AccountKey key : keys) {
            sum += ledger(key);
            assertThat(level(key)).isEqualTo(Level.SUSPENDED_DATA);
        }
        assertThat(sum).isEqualTo(accepted * MB);
        assertThat(view(owner).usedBytes()).isEqualTo(100 * MB);
        assertThat(fixture.number("SELECT sum(used_bytes) FROM account_hot WHERE account_id = ANY (?)", (Object)
                        keys.stream().map(AccountKey::accountId).toArray(Long[]::new)))
                .as("what the members took is what is gone")
                .isEqualTo(100 * MB);
        await(other.close());
    }

    @Test
    void capOfTheWindowBeginsAnewForEveryMemberWhenTheOwnersPlanRenews() {
        Instant before = fixture.now.get();
        try {
            AccountKey owner = fixture.open(family(GB, 3, 0).with(new Renewal(Renewal.Every.DAY, 0)));
            AccountKey child = join(owner);
            fixture.accepted(
                    child, new AccountCommand.SetMemberCap(new MemberCap(100 * MB, MemberCap.Window.PLAN), ADMIN));
            fixture.accepted(
                    child, new AccountCommand.SetBackground(new Background(Background.Mode.LOW, 20 * MB), ADMIN));
            fixture.use(child, "a", 90 * MB);
            assertThat(level(child)).isEqualTo(Level.BACKGROUND_BLOCKED);
            AccountState read = await(fixture.database.inWorker(
                            connection -> new AccountLoadStore().load(connection, List.of(owner), false)))
                    .get(owner);
            fixture.now.set(Objects.requireNonNull(NextMoment.of(read)));
            fixture.accepted(owner, new AccountCommand.Tick(ADMIN));
            assertThat(level(child)).isEqualTo(Level.NORMAL);
            assertThat(view(child).shared())
                    .satisfies(shared -> assertThat(shared.cappedBytes()).isZero());
            fixture.use(child, "b", 99 * MB);
            assertThat(level(child)).isEqualTo(Level.BACKGROUND_BLOCKED);
            assertThat(view(child).shared())
                    .satisfies(shared -> assertThat(shared.cappedBytes()).isEqualTo(99 * MB));
        } finally {
            fixture.now.set(before);
        }
    }

    @Test
    void stateOfAMemberReadBackIsTheStateWritten() {
        AccountKey owner = fixture.open(family(500 * MB, 3, 0));
        AccountKey child = join(owner);
        MemberCap cap = new MemberCap(300 * MB, MemberCap.Window.PLAN);
        fixture.accepted(child, new AccountCommand.SetMemberCap(cap, ADMIN));
        fixture.use(child, "x", 20 * MB);
        Map<AccountKey, AccountState> read = await(fixture.database.inWorker(
                connection -> new AccountLoadStore().load(connection, List.of(owner, child), false)));
        assertThat(read.get(owner).share()).isEqualTo(new Share.Owner(List.of(child.accountId())));
        assertThat(read.get(child).share()).isInstanceOfSatisfying(Share.Member.class, member -> {
            assertThat(member.cap()).isEqualTo(cap);
            assertThat(member.joinedAt()).isNotNull();
            assertThat(member.windowStart()).isEqualTo(read.get(owner).startsAt());
        });
        assertThat(read.get(child).buckets()).isEmpty();
        assertThat(read.get(child).startsAt()).isNull();
    }
}

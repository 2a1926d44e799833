package dev.octroi.rollout;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Ids;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.quota.account.ItemState;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes over many subscriptions against a real database, with two gateways on it. */
class PolicyChangesTest {
    /** Connections are few, and nobody waits for one longer than five seconds. */
    private static final int AT_ONCE = 20;

    private static final Person ADA = new Person("ada", "jti-ada");
    private static final Person BOB = new Person("bob", "jti-bob");
    private static final Person BOSS = new Person("boss", "jti-boss", true);
    private static final Actor SHOP = new Actor(Actor.Kind.RESELLER, "shop", null);
    private static final ChangeTarget ALL = new ChangeTarget(OptionalLong.empty(), Optional.empty(), Set.of());
    private static final StopWhen NEVER = new StopWhen(100, 100);

    private final QuotaFixture fixture = new QuotaFixture();
    private final ChangeRules rules = new ChangeRules(100, Duration.ofHours(1), Duration.ofSeconds(30));
    private final PolicyChanges changes =
            new PolicyChanges(rules, new AuditLog(), new EventLog(), fixture.ids, fixture.clock);
    private final RolloutJob job = job(fixture.accounts);
    private final AccountReader reader = new AccountReader(fixture.database, fixture.clock);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aChangeGoesOutInStepsThatAreWatched() {
        List<AccountKey> keys = sell(20);
        PolicyChange change = propose(rule(2_000), steps(10, 50, 100), NEVER);
        assertThat(change.rollout().state()).isEqualTo(ChangeState.RUNNING);
        turnTheHandle();
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.APPLIED, 2, ItemState.PENDING, 18));
        pass(Duration.ofSeconds(59));
        turnTheHandle();
        assertThat(tally(change).get(ItemState.APPLIED)).isEqualTo(2);
        pass(Duration.ofSeconds(2));
        turnTheHandle();
        assertThat(tally(change).get(ItemState.APPLIED)).isEqualTo(10);
        pass(Duration.ofSeconds(61));
        turnTheHandle();
        pass(Duration.ofSeconds(61));
        turnTheHandle();
        assertThat(read(change).rollout().state()).isEqualTo(ChangeState.COMPLETED);
        assertThat(keys)
                .allMatch(key -> view(key).rulesOf(Rule.Owner.RESELLER).rules().size() == 1);
        assertThat(audited("policy_change.applied")).isEqualTo(20);
        assertThat(audited("policy_change.completed")).isEqualTo(1);
    }

    @Test
    void eachStepStopAndUndoIsAnEventForTheTenantsWebhooks() throws Exception {
        TestDatabase.execute(fixture.config, """
                INSERT INTO webhook_endpoint (tenant_id, id, vshard, url, event_types, secret_sealed)
                VALUES (1, 512, 2, 'https://shop.example/hook', '{policy_change}', decode(repeat('00', 32), 'hex'))
                """);
        sell(4);
        PolicyChange change = propose(rule(2_000), steps(50, 100), NEVER);
        turnTheHandle();
        wish(change, Rollout.Wish.PAUSE, ADA);
        wish(change, Rollout.Wish.RESUME, ADA);
        wish(change, Rollout.Wish.UNDO, BOB);
        turnTheHandle();
        assertThat(TestDatabase.rows(fixture.config, "SELECT type FROM event ORDER BY txid, id"))
                .filteredOn(type -> type.startsWith("policy_change."))
                .containsExactly(
                        "policy_change.started",
                        "policy_change.step_applied",
                        "policy_change.paused",
                        "policy_change.resumed",
                        "policy_change.undo_asked",
                        "policy_change.undone");
        assertThat(TestDatabase.rows(
                        fixture.config, "SELECT data::text FROM event WHERE type = 'policy_change.step_applied'"))
                .first()
                .asString()
                .contains("\"step\": 1", "\"percent\": 50", "\"subscriptions\": 4", "\"change\": \"chg_")
                .doesNotContain("ada");
        assertThat(TestDatabase.rows(fixture.config, "SELECT count(*)::text FROM outbox WHERE stream = 'webhook'"))
                .as("a delivery for each")
                .containsExactly("6");
    }

    @Test
    void twoGatewaysAndOneThatDiesApplyNothingTwice() {
        sell(60);
        PolicyChange change = propose(rule(2_000), steps(100), NEVER);
        RolloutJob other = job(fixture.gateway(fixture.database));
        // Each claims in its turn, although the other has not finished: claims fall due again.
        List<Future<Integer>> rounds = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            TestDatabase.execute(fixture.config, "UPDATE policy_change SET due_at = '-infinity'");
            rounds.add((i % 2 == 0 ? job : other).round());
        }
        await(Future.join(rounds).otherwiseEmpty());
        pass(Duration.ofSeconds(20));
        turnTheHandle();
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.APPLIED, 60));
        assertThat(audited("policy_change.applied")).isEqualTo(60);
        assertThat(audited("rules.replaced")).isEqualTo(60);
    }

    @Test
    void aGatewayThatDiesWithAClaimIsReplacedByAnother() {
        sell(5);
        PolicyChange change = propose(rule(2_000), steps(100), NEVER);
        // It claimed and was killed before it did anything.
        await(fixture.database.inWorker(connection -> new ChangeClaimStore()
                .claim(connection, fixture.now.get(), fixture.now.get().plusSeconds(15), 4)));
        RolloutJob other = job(fixture.gateway(fixture.database));
        assertThat(await(other.round())).isZero();
        pass(Duration.ofSeconds(16));
        assertThat(await(other.round())).isEqualTo(1);
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.APPLIED, 5));
    }

    @Test
    void undoRestoresWhatWasAndNothingNewer() {
        List<AccountKey> keys = sell(4);
        Rule mine = rule(1_000).rule();
        put(keys.get(0), mine);
        Rule unrelated = throttle("other", 5_000);
        put(keys.get(1), unrelated);
        put(keys.get(2), rule(2_000).rule());
        PolicyChange change = propose(rule(2_000), steps(100), NEVER);
        turnTheHandle();
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.APPLIED, 3, ItemState.UNCHANGED, 1));
        // Somebody changes one of them afterwards.
        Rule newer = rule(3_000).rule();
        put(keys.get(3), newer);
        assertThat(wish(change, Rollout.Wish.UNDO, BOB)).isInstanceOf(Answer.Done.class);
        turnTheHandle();
        assertThat(read(change).rollout().state()).isEqualTo(ChangeState.UNDONE);
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.UNDONE, 2, ItemState.UNCHANGED, 1, ItemState.KEPT, 1));
        assertThat(rulesOf(keys.get(0))).containsExactly(mine);
        assertThat(rulesOf(keys.get(1))).containsExactly(unrelated);
        assertThat(rulesOf(keys.get(2)))
                .as("it was there before")
                .containsExactly(rule(2_000).rule());
        assertThat(rulesOf(keys.get(3))).as("it is newer").containsExactly(newer);
        assertThat(text("SELECT entry FROM audit WHERE action = 'policy_change.undone' AND entry LIKE '%jti-bob%'"
                        + " AND object_id LIKE 'acct_%' LIMIT 1"))
                .contains("\"actor\":\"reseller:bob\"", "\"before\":", "\"after\":");
    }

    @Test
    void aSuspensionIsTakenBackAndOneThatWasThereBeforeStays() {
        List<AccountKey> keys = sell(3);
        await(fixture.accounts.submit(
                keys.get(0), new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "Unpaid", SHOP)));
        PolicyChange change = propose(new ChangeAct.Suspend(RestrictionClass.ADMINISTRATIVE, true), steps(100), NEVER);
        turnTheHandle();
        assertThat(keys).allMatch(key -> view(key).policy().level() == Level.SUSPENDED_ALL);
        // Somebody lifts and suspends one of them again: another hold.
        await(fixture.accounts.submit(
                keys.get(1), new AccountCommand.Lift(null, RestrictionClass.ADMINISTRATIVE, "Paid", SHOP)));
        pass(Duration.ofSeconds(1));
        await(fixture.accounts.submit(
                keys.get(1), new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, true, "Unpaid again", SHOP)));
        wish(change, Rollout.Wish.UNDO, ADA);
        turnTheHandle();
        assertThat(view(keys.get(0)).policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(view(keys.get(1)).policy().level()).isEqualTo(Level.SUSPENDED_ALL);
        assertThat(view(keys.get(2)).policy().level()).isEqualTo(Level.NORMAL);
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.UNDONE, 2, ItemState.KEPT, 1));
    }

    @Test
    void theOperatorTakesBackATenantsSuspensionAndLeavesItsOwn() {
        AccountKey key = sell(1).getFirst();
        PolicyChange tenants =
                propose(new ChangeAct.Suspend(RestrictionClass.ADMINISTRATIVE, false), steps(100), NEVER);
        turnTheHandle();
        await(fixture.accounts.submit(
                key,
                new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "Fraud", AccountFixture.ADMIN)));
        wish(tenants, Rollout.Wish.UNDO, BOSS);
        turnTheHandle();
        assertThat(tally(tenants)).isEqualTo(Map.of(ItemState.UNDONE, 1));
        assertThat(view(key).restrictions()).extracting(Restriction::id).containsExactly("held:administrative");
        assertThat(text("SELECT entry FROM audit WHERE action = 'policy_change.undone' AND object_id LIKE 'acct_%'"))
                .contains("\"actor\":\"admin:boss\"");
    }

    @Test
    void aTenantsSuspensionOfBeforeThatStandsAsTheOperatorsIsTakenBack() {
        AccountKey key = sell(1).getFirst();
        PolicyChange tenants =
                propose(new ChangeAct.Suspend(RestrictionClass.ADMINISTRATIVE, false), steps(100), NEVER);
        // What a gateway of before did with it.
        TestDatabase.execute(fixture.config, "UPDATE policy_change SET of_operator = true");
        turnTheHandle();
        TestDatabase.execute(fixture.config, "UPDATE policy_change SET of_operator = false");
        assertThat(view(key).restrictions()).extracting(Restriction::id).containsExactly("held:administrative");
        wish(tenants, Rollout.Wish.UNDO, ADA);
        turnTheHandle();
        assertThat(view(key).restrictions()).isEmpty();
    }

    @Test
    void whatATenantProposedOfBeforeByLawIsDoneToNobody() {
        AccountKey key = sell(1).getFirst();
        PolicyChange tenants = propose(new ChangeAct.Suspend(RestrictionClass.LEGAL, true), steps(100), NEVER);
        turnTheHandle();
        assertThat(tally(tenants)).isEqualTo(Map.of(ItemState.REFUSED, 1));
        assertThat(view(key).restrictions()).isEmpty();
    }

    @Test
    void aRolloutThatSlowsTooManyStopsByItselfAndGoesOnWhenResumed() {
        List<AccountKey> keys = sell(20);
        for (AccountKey key : keys) {
            await(fixture.accounts.submit(
                    key,
                    new AccountCommand.CountUsage(
                            AccountFixture.record("r-" + key.accountId(), 10 * AccountFixture.MB, fixture.now.get()),
                            AccountFixture.NETWORK)));
        }
        // Everybody is over one megabyte: the rule bites at once.
        PolicyChange change = propose(rule(1), steps(10, 100), new StopWhen(20, 100));
        turnTheHandle();
        Rollout stopped = read(change).rollout();
        assertThat(stopped.state()).isEqualTo(ChangeState.STOPPED);
        assertThat(stopped.stopReason()).startsWith("2 of 2 subscriptions are slower");
        assertThat(text("SELECT data::text FROM event WHERE type = 'policy_change.stopped'"))
                .contains("2 of 2 subscriptions are slower");
        assertThat(tally(change).get(ItemState.APPLIED)).isEqualTo(2);
        pass(Duration.ofHours(1));
        turnTheHandle();
        assertThat(tally(change).get(ItemState.APPLIED))
                .as("nothing more is applied")
                .isEqualTo(2);
        assertThat(wish(change, Rollout.Wish.RESUME, ADA)).isInstanceOf(Answer.Done.class);
        turnTheHandle();
        assertThat(read(change).rollout().state()).as("it is as bad as before").isEqualTo(ChangeState.STOPPED);
        assertThat(wish(change, Rollout.Wish.UNDO, ADA)).isInstanceOf(Answer.Done.class);
        turnTheHandle();
        assertThat(keys).allMatch(key -> view(key).policy().level() == Level.NORMAL);
    }

    @Test
    void aRolloutWhosePoliciesTheNetworkDoesNotConfirmStopsByItself() {
        sell(4);
        PolicyChange change = propose(
                new ChangeAct.Suspend(RestrictionClass.ADMINISTRATIVE, false), steps(50, 100), new StopWhen(100, 40));
        turnTheHandle();
        assertThat(read(change).rollout().state()).as("the network has time").isEqualTo(ChangeState.RUNNING);
        TestDatabase.execute(
                fixture.config,
                "UPDATE policy_state SET confirmed_version = desired_version WHERE (account_id) ="
                        + " (SELECT account_id FROM policy_change_item WHERE position = 1)");
        pass(Duration.ofSeconds(31));
        turnTheHandle();
        assertThat(read(change).rollout().stopReason()).contains("1 of 2 subscriptions");
        TestDatabase.execute(fixture.config, "UPDATE policy_state SET confirmed_version = desired_version");
        wish(change, Rollout.Wish.RESUME, ADA);
        turnTheHandle();
        assertThat(read(change).rollout().state()).isEqualTo(ChangeState.RUNNING);
    }

    @Test
    void whenAPauseIsAnsweredNothingMoreIsApplied() {
        sell(80);
        PolicyChange change = propose(rule(2_000), steps(100), NEVER);
        Future<Integer> round = job.round();
        Answer paused = wish(change, Rollout.Wish.PAUSE, ADA);
        int applied = tally(change).getOrDefault(ItemState.APPLIED, 0);
        await(round);
        assertThat(paused).isInstanceOf(Answer.Done.class);
        assertThat(tally(change).getOrDefault(ItemState.APPLIED, 0)).isEqualTo(applied);
        wish(change, Rollout.Wish.RESUME, ADA);
        turnTheHandle();
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.APPLIED, 80));
    }

    @Test
    void smallChangesOfOnePersonAddUpWithinADay() {
        sell(60);
        assertThat(propose(rule(2_000), steps(100), NEVER).rollout().state()).isEqualTo(ChangeState.RUNNING);
        PolicyChange second = propose(rule(3_000), steps(100), NEVER);
        assertThat(second.rollout().state()).isEqualTo(ChangeState.WAITING);
        turnTheHandle();
        assertThat(tally(second)).isEqualTo(Map.of(ItemState.PENDING, 60));
        assertThat(wish(second, Rollout.Wish.APPROVE, ADA)).isInstanceOf(Answer.NotSomebodyElse.class);
        assertThat(wish(second, Rollout.Wish.APPROVE, BOB)).isInstanceOf(Answer.Done.class);
        turnTheHandle();
        assertThat(tally(second)).isEqualTo(Map.of(ItemState.APPLIED, 60));
        pass(Duration.ofHours(25));
        assertThat(propose(rule(4_000), steps(100), NEVER).rollout().state()).isEqualTo(ChangeState.RUNNING);
    }

    @Test
    void aChangeThatNobodyApprovesExpires() {
        sell(101);
        PolicyChange change = propose(rule(2_000), steps(100), NEVER);
        pass(Duration.ofMinutes(61));
        assertThat(wish(change, Rollout.Wish.APPROVE, BOB)).isEqualTo(new Answer.WrongState(ChangeState.EXPIRED));
        turnTheHandle();
        assertThat(read(change).rollout().state()).isEqualTo(ChangeState.EXPIRED);
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.PENDING, 101));
    }

    @Test
    void aClientMadeAfterTheProposalIsNoSecondPerson() {
        sell(101);
        PolicyChange change = propose(rule(2_000), steps(100), NEVER);
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO api_client SELECT 1, 'cli_0123456789abcdef', 'second', decode(repeat('00', 16), 'hex'),"
                        + " decode(repeat('00', 32), 'hex'), 600000, '{policies:approve}', '{}', NULL, '%s'"
                                .formatted(fixture.now.get().plusSeconds(1)));
        assertThat(wish(change, Rollout.Wish.APPROVE, new Person("cli_0123456789abcdef", "jti-2")))
                .isInstanceOf(Answer.NotSomebodyElse.class);
        String ofBefore = "UPDATE api_client SET created_at = created_at - interval '1 hour', secret_since = ";
        TestDatabase.execute(fixture.config, ofBefore + "created_at");
        assertThat(wish(change, Rollout.Wish.APPROVE, new Person("cli_0123456789abcdef", "jti-2")))
                .as("with a secret that came since")
                .isInstanceOf(Answer.NotSomebodyElse.class);
        TestDatabase.execute(fixture.config, ofBefore + "NULL");
        assertThat(wish(change, Rollout.Wish.APPROVE, new Person("cli_0123456789abcdef", "jti-2")))
                .as("with the secret of before")
                .isNotInstanceOf(Answer.NotSomebodyElse.class);
    }

    @Test
    void aChangeThatFailsHoldsUpNoOther() {
        sell(3);
        PolicyChange broken = propose(rule(2_000), steps(100), NEVER);
        turnTheHandle();
        wish(broken, Rollout.Wish.UNDO, ADA);
        TestDatabase.execute(fixture.config, "UPDATE policy_change_item SET trace = '{\"rule\": 5}'");
        PolicyChange other = propose(new ChangeAct.Suspend(RestrictionClass.ADMINISTRATIVE, false), steps(100), NEVER);
        for (int i = 0; i < 3; i++) {
            await(job.round());
            pass(Duration.ofSeconds(16));
        }
        assertThat(tally(other)).isEqualTo(Map.of(ItemState.APPLIED, 3));
        assertThat(read(broken).rollout().state()).isEqualTo(ChangeState.UNDOING);
    }

    @Test
    void aChangeThatNoAccountCouldEverBeToldEnds() {
        sell(2);
        PolicyChange change = propose(rule(2_000), steps(100), NEVER);
        TestDatabase.execute(fixture.config, "UPDATE policy_change SET reason = ' '");
        for (int i = 0; i < 3; i++) {
            await(job.round());
            pass(Duration.ofMinutes(11));
        }
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.REFUSED, 2));
        assertThat(read(change).rollout().state()).isEqualTo(ChangeState.COMPLETED);
    }

    @Test
    void anAccountThatCannotTakeItIsRefusedAndTheOthersGoOn() {
        List<AccountKey> keys = sell(3);
        List<Rule> full = new ArrayList<>();
        for (int i = 0; i < Rule.MAX_PER_OWNER; i++) {
            full.add(throttle("r" + i, 1_000));
        }
        await(fixture.accounts.submit(
                keys.get(1), new AccountCommand.PutRules(Rule.Owner.RESELLER, full, null, AccountFixture.ADMIN)));
        PolicyChange change = propose(rule(2_000), steps(100), NEVER);
        turnTheHandle();
        assertThat(tally(change)).isEqualTo(Map.of(ItemState.APPLIED, 2, ItemState.REFUSED, 1));
        List<ChangeItem> items =
                await(fixture.database.inWorker(connection -> changes.items(connection, change, 0, 10)));
        assertThat(items)
                .filteredOn(item -> item.state() == ItemState.REFUSED)
                .singleElement()
                .satisfies(item -> assertThat(item.refusal()).isEqualTo("invalid_rules"));
    }

    private RolloutJob job(Accounts accounts) {
        return new RolloutJob(fixture.vertx, fixture.database, accounts, changes, rules, fixture.clock, now -> true);
    }

    private List<AccountKey> sell(int count) {
        List<AccountKey> keys = new ArrayList<>();
        List<Future<?>> opened = new ArrayList<>();
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            long id = fixture.ids.next();
            AccountKey key = new AccountKey(1, fixture.ids.next(Ids.shardOf(id)));
            NewAccount account =
                    new NewAccount(key, id, AccountFixture.france(), AccountFixture.PARIS, fixture.now.get());
            opened.add(fixture.database.inTenant(1, connection -> new AccountStore().open(connection, account)));
            if (opened.size() == AT_ONCE) {
                await(Future.all(opened));
                opened.clear();
            }
            rows.append(i == 0 ? "" : ", ")
                    .append("(1, %d, %d, 1, 1, 1, %d, %d, 'Europe/Paris', 'fr', now())"
                            .formatted(Ids.shardOf(id), id, id, key.accountId()));
            keys.add(key);
        }
        await(Future.all(opened));
        TestDatabase.execute(
                fixture.config, "SET session_replication_role = replica", "INSERT INTO subscription VALUES " + rows);
        List<Accounts.Submission> begun = keys.stream()
                .map(key -> new Accounts.Submission(
                        key,
                        new AccountCommand.StartPeriod(
                                AccountCommand.StartPeriod.Cause.ORDER, fixture.now.get(), AccountFixture.ADMIN)))
                .toList();
        await(fixture.accounts.submitAll(begun));
        return keys;
    }

    private PolicyChange propose(ChangeAct act, List<RolloutPlan.Step> steps, StopWhen stop) {
        Proposal proposal = new Proposal(act, ALL, steps, stop, "Because");
        Answer answer = await(fixture.database.inWorker(connection -> changes.propose(connection, 1, proposal, ADA)));
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return ((Answer.Done) answer).change();
    }

    private Answer wish(PolicyChange change, Rollout.Wish wish, Person person) {
        return await(fixture.database.inWorker(
                connection -> changes.wish(connection, 1, change.id(), wish, null, "Because", person)));
    }

    /** Lets the job do all that can be done at this moment. */
    private void turnTheHandle() {
        while (await(job.round()) > 0) {
            assertThat(fixture.accounts.waiting()).isZero();
        }
    }

    private void pass(Duration time) {
        fixture.now.updateAndGet(now -> now.plus(time));
    }

    private PolicyChange read(PolicyChange change) {
        return await(fixture.database.inWorker(connection -> changes.find(connection, 1, change.id())))
                .orElseThrow();
    }

    private Map<ItemState, Integer> tally(PolicyChange change) {
        return await(fixture.database.inWorker(connection -> changes.tally(connection, change)));
    }

    private void put(AccountKey key, Rule rule) {
        await(fixture.accounts.submit(
                key, new AccountCommand.PutRules(Rule.Owner.RESELLER, List.of(rule), null, AccountFixture.ADMIN)));
    }

    private List<Rule> rulesOf(AccountKey key) {
        return view(key).rulesOf(Rule.Owner.RESELLER).rules();
    }

    private AccountView view(AccountKey key) {
        return await(reader.view(1, key.accountId())).orElseThrow();
    }

    private int audited(String action) {
        return Integer.parseInt(String.valueOf(text("SELECT count(*) FROM audit WHERE action = '" + action + "'")));
    }

    private @Nullable String text(String sql) {
        try (Connection connection = TestDatabase.connect(fixture.config);
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<RolloutPlan.Step> steps(int... percents) {
        List<RolloutPlan.Step> steps = new ArrayList<>();
        for (int percent : percents) {
            steps.add(new RolloutPlan.Step(percent, Duration.ofSeconds(60)));
        }
        return steps;
    }

    private static ChangeAct.PutRule rule(long megabytes) {
        return new ChangeAct.PutRule(throttle("fair-use", megabytes));
    }

    private static Rule throttle(String id, long megabytes) {
        return new Rule(
                id,
                Rule.Owner.RESELLER,
                Condition.over(Rule.Window.DAY, megabytes * AccountFixture.MB),
                List.of(new Action.Throttle(Speed.both(512))),
                Rule.WINDOW_END);
    }
}

package dev.octroi.rollout;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.cli.demo.GatewayProcess;
import dev.octroi.db.Ids;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is killed without warning in the middle of a staged roll-out, and another one that takes over. */
class RolloutKillTest {
    private static final int SUBSCRIPTIONS = 900;
    /** Connections are few, and nobody waits for one longer than five seconds. */
    private static final int AT_ONCE = 50;

    private static final Person ADA = new Person("ada", "jti-ada");

    private final QuotaFixture fixture = new QuotaFixture();
    private final PolicyChanges changes = new PolicyChanges(
            new ChangeRules(10_000, Duration.ofHours(1), Duration.ZERO),
            new AuditLog(),
            new EventLog(),
            fixture.ids,
            fixture.clock);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anotherGatewayFinishesWhatAKilledOneBeganAndNothingIsAppliedTwice(@TempDir Path folder) throws Exception {
        fixture.now.set(Instant.now());
        sell();
        try (GatewayProcess first = new GatewayProcess(folder, settings());
                GatewayProcess second = new GatewayProcess(folder, settings())) {
            first.start();
            PolicyChange change = propose();
            await().pollInterval(Duration.ofMillis(10))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> count("SELECT count(*) FROM policy_change_item WHERE state = 'applied'") > 100);
            first.kill();
            long applied = count("SELECT count(*) FROM policy_change_item WHERE state = 'applied'");
            assertThat(applied).as("killed in the middle").isLessThan(SUBSCRIPTIONS);
            assertThat(rows("SELECT state FROM policy_change")).containsExactly("running");
            second.start();
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> rows("SELECT state FROM policy_change").equals(List.of("completed")));
            assertThat(change.plan().total()).isEqualTo(SUBSCRIPTIONS);
        }
        assertThat(rows("SELECT state || ' ' || count(*) FROM policy_change_item GROUP BY state"))
                .containsExactly("applied " + SUBSCRIPTIONS);
        assertThat(count("SELECT count(*) FROM audit WHERE action = 'policy_change.applied'"))
                .isEqualTo(SUBSCRIPTIONS);
        assertThat(count("SELECT count(*) FROM rule_set WHERE version = 1 AND jsonb_array_length(rules) = 1"))
                .isEqualTo(SUBSCRIPTIONS);
        assertThat(rows("SELECT type FROM event WHERE type LIKE 'policy_change.%' ORDER BY txid, id"))
                .containsExactly(
                        "policy_change.started",
                        "policy_change.step_applied",
                        "policy_change.step_begun",
                        "policy_change.step_applied",
                        "policy_change.step_begun",
                        "policy_change.step_applied",
                        "policy_change.completed");
    }

    private List<String> settings() {
        return List.of(
                "database.url=postgresql://" + fixture.config.host() + ":" + fixture.config.port() + "/"
                        + fixture.config.database(),
                "database.user=" + fixture.config.ownerUser(),
                "database.password=" + fixture.config.ownerPassword());
    }

    private void sell() {
        List<Future<?>> opened = new ArrayList<>();
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
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
        }
        await(Future.all(opened));
        TestDatabase.execute(
                fixture.config, "SET session_replication_role = replica", "INSERT INTO subscription VALUES " + rows);
    }

    private PolicyChange propose() {
        Rule rule = new Rule(
                "fair-use",
                Rule.Owner.RESELLER,
                Condition.over(Rule.Window.DAY, 100 * AccountFixture.MB),
                List.of(new Action.Throttle(Speed.both(512))),
                Rule.WINDOW_END);
        Proposal proposal = new Proposal(
                new ChangeAct.PutRule(rule),
                new ChangeTarget(OptionalLong.empty(), Optional.empty(), Set.of()),
                List.of(
                        new RolloutPlan.Step(10, Duration.ofSeconds(1)),
                        // Watched for longer than the test may take to see that this step has begun.
                        new RolloutPlan.Step(50, Duration.ofSeconds(8)),
                        new RolloutPlan.Step(100, Duration.ofSeconds(1))),
                new StopWhen(100, 100),
                "Because");
        Answer answer = await(fixture.database.inWorker(connection -> changes.propose(connection, 1, proposal, ADA)));
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return ((Answer.Done) answer).change();
    }

    private long count(String sql) throws Exception {
        return Long.parseLong(rows(sql).getFirst());
    }

    private List<String> rows(String sql) throws Exception {
        return TestDatabase.rows(fixture.config, sql);
    }
}

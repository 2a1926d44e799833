package dev.octroi.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Reason;
import dev.octroi.drain.Verdict;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T04:10:00Z");
    private static final Ids IDS = new Ids(Clock.systemUTC(), new SplittableRandom(11));

    private static DatabaseConfig config;
    private static Vertx vertx;
    private static Database database;

    @BeforeAll
    static void open() {
        config = TestDatabase.create();
        vertx = Vertx.vertx();
        database = new Database(vertx, config, 2, 2_000);
    }

    @AfterAll
    static void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void newIncidentOpensOneCase() throws Exception {
        long subscription = IDS.next(4);
        report(subscription, 1, 1.2);
        assertThat(count("SELECT count(*)::int FROM alarm WHERE subscription_id = " + subscription))
                .isEqualTo(1);
        assertThat(count("SELECT count(*)::int FROM support_case c JOIN alarm a ON a.id = c.alarm_id "
                        + "WHERE c.subscription_id = " + subscription))
                .isEqualTo(1);
    }

    @Test
    void grownIncidentUpdatesItsAlarmAndOpensNothing() throws Exception {
        long subscription = IDS.next(5);
        report(subscription, 1, 1.2);
        report(subscription, 1, 2.5);
        assertThat(count("SELECT count(*)::int FROM support_case WHERE subscription_id = " + subscription))
                .isEqualTo(1);
        assertThat(count("SELECT (score * 10)::int FROM alarm WHERE subscription_id = " + subscription))
                .isEqualTo(25);
    }

    @Test
    void settledAlarmIsLeftAsItWasSettled() throws Exception {
        long subscription = IDS.next(6);
        report(subscription, 1, 1.2);
        TestDatabase.execute(config, "UPDATE alarm SET state = 'dismissed' WHERE subscription_id = " + subscription);
        report(subscription, 1, 9.9);
        assertThat(count("SELECT (score * 10)::int FROM alarm WHERE subscription_id = " + subscription))
                .isEqualTo(12);
    }

    @Test
    void settledAlarmThatGrowsIntoAStricterHoldIsOpenAgainWithACaseOfItsOwn() throws Exception {
        long subscription = IDS.next(8);
        report(subscription, 1, 1.1, "throttle");
        TestDatabase.execute(
                config,
                "UPDATE alarm SET state = 'closed' WHERE subscription_id = " + subscription,
                "UPDATE support_case SET state = 'resolved', credit_bytes = 5 WHERE subscription_id = " + subscription);
        report(subscription, 1, 1.3, "throttle");
        assertThat(count("SELECT count(*)::int FROM support_case WHERE subscription_id = " + subscription))
                .as("no stricter than what was settled")
                .isEqualTo(1);

        report(subscription, 1, 1.6, "suspend");
        report(subscription, 1, 1.9, "suspend");

        List<Alarm> alarms = await(new AlarmReadStore().ofSubscription(database.workerPool(), 7, subscription, 5));
        assertThat(alarms).hasSize(1);
        assertThat(alarms.getFirst().state()).isEqualTo("open");
        assertThat(alarms.getFirst().action()).isEqualTo("suspend");
        SupportCase opened = await(new CaseStore()
                        .find(
                                database.workerPool(),
                                7,
                                alarms.getFirst().caseId().orElseThrow()))
                .orElseThrow();
        assertThat(opened.state()).isEqualTo("open");
        assertThat(await(new CaseStore().creditedBefore(database.workerPool(), opened)))
                .isEqualTo(5);
        assertThat(count("SELECT count(*)::int FROM support_case WHERE subscription_id = " + subscription))
                .isEqualTo(2);
        assertThat(count("SELECT count(*)::int FROM event WHERE type = 'case.opened' AND subject_id = " + subscription))
                .isEqualTo(2);
    }

    @Test
    void settledAlarmWhoseHoldHadRunOutIsOpenAgainWhenDataIsHeldAgain() throws Exception {
        long subscription = IDS.next(9);
        report(subscription, 1, 1.6, "suspend", Map.of("holdHadRunOut", false));
        String settle = "UPDATE alarm SET state = 'confirmed' WHERE subscription_id = " + subscription;
        String resolve = "UPDATE support_case SET state = 'resolved' WHERE subscription_id = " + subscription;
        TestDatabase.execute(config, settle, resolve);
        report(subscription, 1, 1.6, "suspend", Map.of("holdHadRunOut", false));
        report(subscription, 1, 1.7, "notify", Map.of("holdHadRunOut", true));
        assertThat(count("SELECT count(*)::int FROM support_case WHERE subscription_id = " + subscription))
                .isEqualTo(1);

        report(subscription, 1, 1.7, "suspend", Map.of("holdHadRunOut", true));

        assertThat(count("SELECT count(*)::int FROM support_case WHERE state = 'open' AND subscription_id = "
                        + subscription))
                .isEqualTo(1);
        assertThat(count("SELECT count(*)::int FROM alarm WHERE state = 'open' AND subscription_id = " + subscription))
                .isEqualTo(1);
    }

    @Test
    void whatGoesOnADayAfterItWasSettledIsOpenAgain() throws Exception {
        long subscription = IDS.next(10);
        Map<String, Object> told = Map.of("toldAgain", true);
        String settle = "UPDATE alarm SET state = 'closed', updated_at = '%s' WHERE subscription_id = " + subscription;
        String resolve = "UPDATE support_case SET state = 'resolved' WHERE subscription_id = " + subscription;
        String cases = "SELECT count(*)::int FROM support_case WHERE subscription_id = " + subscription;
        report(subscription, 1, 1, "notify", told);
        TestDatabase.execute(config, settle.formatted(NOW.minus(Duration.ofHours(2))), resolve);
        report(subscription, 1, 1, "notify", told);
        assertThat(count(cases)).as("two hours later").isEqualTo(1);

        TestDatabase.execute(config, settle.formatted(NOW.minus(Duration.ofHours(25))));
        report(subscription, 1, 1, "notify", Map.of("toldAgain", false));
        assertThat(count(cases)).as("not told").isEqualTo(1);
        TestDatabase.execute(config, "UPDATE alarm SET meant = true WHERE subscription_id = " + subscription);
        report(subscription, 1, 1, "notify", told);
        assertThat(count(cases)).as("it was meant").isEqualTo(1);
        TestDatabase.execute(config, "UPDATE alarm SET meant = false WHERE subscription_id = " + subscription);
        report(subscription, 1, 1, "notify", told);
        assertThat(count(cases)).as("a day later").isEqualTo(2);
        assertThat(count("SELECT count(*)::int FROM alarm WHERE state = 'open' AND subscription_id = " + subscription))
                .isEqualTo(1);
    }

    @Test
    void answerIsKeptWithItsAlarmAndALaterOneTakesItsPlace() throws Exception {
        long subscription = IDS.next(7);
        report(subscription, 1, 1.2);
        report(subscription, 2, 1.3);
        for (boolean meant : new boolean[] {false, true}) {
            AlarmAnswer answer = new AlarmAnswer(7, subscription, 2, meant, "traveller", NOW);
            await(database.inWorker(connection -> new Alarms().answer(connection, List.of(answer))));
        }
        assertThat(count("SELECT count(*)::int FROM alarm WHERE meant AND answered_by = 'traveller' AND incident = 2"
                        + " AND subscription_id = " + subscription))
                .isEqualTo(1);
        assertThat(count("SELECT count(*)::int FROM alarm WHERE meant IS NULL AND subscription_id = " + subscription))
                .isEqualTo(1);
    }

    private static void report(long subscription, int incident, double score) throws Exception {
        report(subscription, incident, score, "notify");
    }

    private static void report(long subscription, int incident, double score, String action) throws Exception {
        report(subscription, incident, score, action, Map.of());
    }

    private static void report(long subscription, int incident, double score, String action, Map<String, Object> recent)
            throws Exception {
        int shard = Ids.shardOf(subscription);
        Verdict.Alarm alarm = new Verdict.Alarm(
                DrainKind.NIGHT,
                score,
                NOW.getEpochSecond() - 7_200,
                new ByteRange(0, 2_000_000),
                420_000_000,
                418_000_000,
                Category.CLOUD,
                "FR",
                List.of(new Reason("night_share", 0.9, "reason.night")),
                0.9,
                incident,
                false);
        AlarmReport report =
                new AlarmReport(7, IDS.next(shard), IDS.next(shard), subscription, alarm, NOW, action, recent);
        await(database.inWorker(connection -> new Alarms().open(connection, List.of(report))));
    }

    private static int count(String sql) throws Exception {
        return await(database.workerPool()
                .query(sql)
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}

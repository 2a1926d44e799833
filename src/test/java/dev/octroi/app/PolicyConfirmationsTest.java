package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.outbox.DeliveryListener.Result;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PolicyConfirmationsTest {
    private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void confirmationsAreWrittenInTheOrderOfSubscriptionsSoThatTheyNeverWaitCrosswiseForABatch() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(
                config,
                "INSERT INTO tenant (slug, name) VALUES ('shop', 'Shop')",
                "INSERT INTO policy_state (vshard, tenant_id, account_id, subscription_id, desired_version, desired_at)"
                        + " VALUES (1, 1, 257, 257, 1, now()), (2, 1, 258, 258, 1, now())");
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, config, 2, 60_000);
        try (Connection batch = TestDatabase.connect(config)) {
            batch.setAutoCommit(false);
            lock(batch, 257);
            Future<Void> written = database.inWorker(connection ->
                    new PolicyConfirmations().attempted(connection, List.of(confirmed(258), confirmed(257))));
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> !TestDatabase.rows(
                                    config,
                                    "SELECT pid FROM pg_stat_activity"
                                            + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                            .isEmpty());
            lock(batch, 258);
            batch.commit();
            written.await(30, TimeUnit.SECONDS);
        }
        assertThat(TestDatabase.rows(config, "SELECT confirmed_version FROM policy_state"))
                .containsExactly("1", "1");
        database.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    /** Else support looks for the fault at the operator. */
    @Test
    void whatDidNotLeaveTheGatewayIsNotSent() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(
                config,
                "INSERT INTO policy_state (vshard, tenant_id, account_id, subscription_id, desired_version, desired_at)"
                        + " VALUES (1, 1, 257, 257, 1, now())");
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, config, 2, 60_000);
        Result withheld = new Result(1, 257, 1, new JsonObject(), false, false, AT, "no partner is registered");
        database.inWorker(connection -> new PolicyConfirmations().attempted(connection, List.of(withheld)))
                .await(30, TimeUnit.SECONDS);
        assertThat(TestDatabase.rows(
                        config,
                        "SELECT sent_version || ' ' || (sent_at IS NULL) || ' ' || last_error FROM policy_state"))
                .containsExactly("0 true no partner is registered");
        database.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static void lock(Connection connection, long subscription) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "SELECT 1 FROM policy_state WHERE subscription_id = " + subscription + " FOR UPDATE NOWAIT");
        }
    }

    private static Result confirmed(long subscription) {
        return new Result(1, subscription, 1, new JsonObject(), true, true, AT, null);
    }
}

package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that can only be read, such as a standby that was the primary before a failover. */
class ReadOnlyDatabaseTest {
    private final DatabaseConfig config = TestDatabase.create();
    private final DatabaseConfig aside =
            new DatabaseConfig(config.host(), config.port(), "postgres", config.ownerUser(), config.ownerPassword());
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Database database = new Database(vertx, config, 1, 5_000);

    @AfterEach
    void close() throws Exception {
        database.close().await(20, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void aConnectionThatCanOnlyBeReadIsNotKeptAndTheGatewayIsNotReadyMeanwhile() throws Exception {
        TestDatabase.execute(config, "CREATE TABLE written (n int)", "GRANT INSERT ON written TO octroi_worker");
        write().await(20, TimeUnit.SECONDS);

        leadTo("on");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> database.ping().await(20, TimeUnit.SECONDS))
                    .satisfies(
                            failure -> assertThat(Unavailable.isSaidBy(failure)).isTrue());
            assertThatThrownBy(() -> write().await(20, TimeUnit.SECONDS))
                    .satisfies(
                            failure -> assertThat(Unavailable.isSaidBy(failure)).isTrue());
        }

        TestDatabase.execute(aside, "ALTER DATABASE " + config.database() + " RESET default_transaction_read_only");
        write().await(20, TimeUnit.SECONDS);
        database.ping().await(20, TimeUnit.SECONDS);
        assertThat(TestDatabase.rows(config, "SELECT count(*) FROM written")).containsExactly("2");
    }

    @Test
    void aServerThatIsClosedForWritingLaterIsNoneToBeReadyWith() throws Exception {
        set("on");
        assertThatThrownBy(() -> database.ping().await(20, TimeUnit.SECONDS)).hasMessageContaining("only be read");
        set("off");
        database.ping().await(20, TimeUnit.SECONDS);
    }

    /** New connections are read-only, and those of before end, as they do when a primary becomes a standby. */
    private void leadTo(String readOnly) {
        TestDatabase.execute(
                aside,
                "ALTER DATABASE " + config.database() + " SET default_transaction_read_only = " + readOnly,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + config.database() + "'");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> TestDatabase.rows(
                                aside, "SELECT pid FROM pg_stat_activity WHERE datname = '" + config.database() + "'")
                        .isEmpty());
    }

    private void set(String readOnly) throws Exception {
        database.workerPool()
                .query("SET default_transaction_read_only = " + readOnly)
                .execute()
                .await(20, TimeUnit.SECONDS);
    }

    private Future<Void> write() {
        return database.inWorker(connection ->
                connection.query("INSERT INTO written VALUES (1)").execute().mapEmpty());
    }
}

package dev.octroi.callback.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BacklogStoreTest {
    private static DatabaseConfig config;
    private static Vertx vertx;
    private static Database database;
    private final BacklogStore store = new BacklogStore();

    @BeforeAll
    static void open() {
        config = TestDatabase.create();
        vertx = Vertx.vertx();
        database = new Database(vertx, config, 2, 2_000);
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('acme', 'Acme')");
    }

    @AfterAll
    static void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void whatIsOldByAWrongClockIsKeptAndWhatIsOldIsForgotten() throws Exception {
        TestDatabase.execute(config, """
                INSERT INTO event (tenant_id, vshard, id, type, subject_id, data, at)
                VALUES (1, 0, 1, 'plan.ended', 1, '{}', now() - interval '401 days'),
                       (1, 0, 2, 'plan.ended', 1, '{}', now() - interval '399 days')
                """);

        await(database.inWorker(connection ->
                store.prune(connection, BacklogStore.Kept.EVENTS, Instant.now().plus(Duration.ofDays(500)), 100)));

        assertThat(events()).isEqualTo(1);
    }

    @Test
    void oneRoundForgetsAllThatIsOld() throws Exception {
        TestDatabase.execute(config, """
                INSERT INTO event (tenant_id, vshard, id, type, subject_id, data, at)
                SELECT 1, 0, 100 + n, 'plan.ended', 1, '{}', now() - interval '401 days'
                FROM generate_series(1, 30000) AS n
                """);
        long before = events();
        OutboxUpkeep upkeep =
                new OutboxUpkeep(database, Clock.systemUTC(), new DispatchMetrics(new SimpleMeterRegistry()));
        assertThat(await(upkeep.prune(BacklogStore.Kept.EVENTS))).isEqualTo(30_000);
        assertThat(events()).isEqualTo(before - 30_000);
        assertThat(await(upkeep.prune(BacklogStore.Kept.ATTEMPTS))).isZero();
        assertThat(await(upkeep.prune(BacklogStore.Kept.FINISHED))).isZero();
    }

    @Test
    void aLongRowOfOneStreamHidesNoOther() throws Exception {
        TestDatabase.execute(config, pending(1, "webhook"), pending(2, "webhook"), pending(3, "network"));
        assertThat(await(new BacklogStore(2).count(database.workerPool())))
                .isEqualTo(Map.of(Stream.WEBHOOK, 2L, Stream.NETWORK, 1L));
        assertThat(await(new BacklogStore(1).count(database.workerPool())))
                .isEqualTo(Map.of(Stream.WEBHOOK, 1L, Stream.NETWORK, 1L));
    }

    private static String pending(long id, String stream) {
        return "INSERT INTO outbox (tenant_id, vshard, id, stream, key, version, created_at, next_at)"
                + " VALUES (1, 0, " + id + ", '" + stream + "', " + id + ", 1, now(), now())";
    }

    private static long events() throws Exception {
        return await(database.inWorker(connection -> connection
                .query("SELECT count(*) FROM event")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0))));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopPoolsTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private Database database;

    @BeforeEach
    void open() {
        database = new Database(vertx, TestDatabase.create(), 4, 5_000);
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void noEventLoopUsesTheConnectionsOfAnotherHoweverBusyItIs() throws Exception {
        Set<Integer> ofOne = backends(((VertxInternal) vertx).createEventLoopContext(), 12);
        Set<Integer> ofOther = backends(((VertxInternal) vertx).createEventLoopContext(), 12);
        assertThat(ofOne).hasSize(2);
        assertThat(ofOther).hasSize(2).doesNotContainAnyElementsOf(ofOne);
    }

    @Test
    void allThatAreOpenAreNoMoreThanSaidAndTheServerHasRoomForThem() throws Exception {
        for (int i = 0; i < 2; i++) {
            backends(((VertxInternal) vertx).createEventLoopContext(), 12);
        }
        int open = await(database.workerPool()
                        .query("SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()")
                        .execute())
                .iterator()
                .next()
                .getInteger(0);
        assertThat(open).isBetween(4, new Connections(4, 2).most());
        assertThat(await(database.room())).isBetween(50, 997);
    }

    @Test
    void theConnectionsAreSharedOutAndEachLoopHasTwo() {
        assertThat(LoopPools.each(8, 2)).isEqualTo(4);
        assertThat(LoopPools.each(5, 2)).isEqualTo(3);
        assertThat(LoopPools.each(4, 8)).isEqualTo(2);
        assertThat(LoopPools.each(1, 8)).isEqualTo(1);
    }

    /** The server processes that answer so many statements which a context sends at once. */
    private Set<Integer> backends(Context context, int statements) throws Exception {
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < statements; i++) {
            Promise<Integer> answered = Promise.promise();
            context.runOnContext(go -> database.workerPool()
                    .query("SELECT pg_backend_pid() FROM pg_sleep(0.2)")
                    .execute()
                    .map(rows -> rows.iterator().next().getInteger(0))
                    .onComplete(answered));
            answers.add(answered.future());
        }
        Set<Integer> processes = new HashSet<>();
        for (Future<Integer> answer : answers) {
            processes.add(await(answer));
        }
        return processes;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

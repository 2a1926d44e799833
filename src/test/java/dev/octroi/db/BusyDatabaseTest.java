package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What callers learn when all connections are held: something passing, which the APIs answer with 503. */
class BusyDatabaseTest {
    @Test
    void aConnectionThatDoesNotBecomeFreeInTimeIsATimeout() throws Exception {
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, TestDatabase.create(), 1, 5_000, 5_000, 30_000);
        Promise<Void> held = Promise.promise();
        Promise<Void> begun = Promise.promise();
        Future<Void> holder = database.inWorker(connection -> {
            begun.complete();
            return held.future();
        });
        begun.future().await(20, TimeUnit.SECONDS);
        Future<?> transaction = database.inWorker(connection -> Future.succeededFuture());
        Future<?> statement = database.workerPool().query("SELECT 1").execute();
        assertThatThrownBy(() -> transaction.await(20, TimeUnit.SECONDS))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no database connection");
        assertThatThrownBy(() -> statement.await(20, TimeUnit.SECONDS))
                .as("a statement without a transaction")
                .matches(Unavailable::isSaidBy);
        held.complete();
        holder.await(10, TimeUnit.SECONDS);
        database.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}

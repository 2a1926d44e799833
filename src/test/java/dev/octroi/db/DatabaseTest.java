package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    private static DatabaseConfig config;
    private static Vertx vertx;
    private static Database database;

    @BeforeAll
    static void open() {
        config = TestDatabase.create();
        vertx = Vertx.vertx();
        database = new Database(vertx, config, 2, 2_000);
        TestDatabase.execute(
                config,
                "CREATE TABLE thing (tenant_id int NOT NULL, id bigint NOT NULL, PRIMARY KEY (tenant_id, id))",
                "SELECT octroi_tenant_table('thing')",
                "INSERT INTO thing VALUES (1, 10), (1, 11), (2, 20)");
    }

    @AfterAll
    static void close() throws Exception {
        database.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void tenantSeesOnlyItsOwnRows() throws Exception {
        assertThat(countAsTenant(1)).isEqualTo(2);
        assertThat(countAsTenant(2)).isEqualTo(1);
        assertThat(countAsTenant(3)).isZero();
    }

    @Test
    void tenantCannotWriteARowOfAnotherTenant() {
        assertThatThrownBy(() -> database.inTenant(
                                1,
                                connection -> connection
                                        .preparedQuery("INSERT INTO thing VALUES ($1, $2)")
                                        .execute(Tuple.of(2, 99L)))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .hasMessageContaining("row-level security");
    }

    @Test
    void withoutATenantNoRowIsSeen() throws Exception {
        countAsTenant(1);
        int seen = database.inTenant(
                        0,
                        connection -> connection
                                .query("SELECT count(*)::int FROM thing")
                                .execute()
                                .map(rows -> rows.iterator().next().getInteger(0)))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(seen).isZero();
    }

    @Test
    void workerSeesAllTenants() throws Exception {
        int seen = database.inWorker(connection -> connection
                        .query("SELECT count(*)::int FROM thing")
                        .execute()
                        .map(rows -> rows.iterator().next().getInteger(0)))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(seen).isEqualTo(3);
    }

    @Test
    void serverIsDurable() throws Exception {
        for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
            String value = database.workerPool()
                    .query("SELECT current_setting('" + setting + "')")
                    .execute()
                    .map(rows -> rows.iterator().next().getString(0))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(value).as(setting).isEqualTo("on");
        }
    }

    private static int countAsTenant(int tenant) throws Exception {
        return database.inTenant(
                        tenant,
                        connection -> connection
                                .query("SELECT count(*)::int FROM thing")
                                .execute()
                                .map(rows -> rows.iterator().next().getInteger(0)))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }
}

package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Migrations on a database that others use meanwhile. */
class MigrationLockTest {
    @Test
    void readersDoNotWaitBehindAMigrationThatWaitsForADump() throws Exception {
        EarlierDatabase database = new EarlierDatabase(71);
        try (Connection dump = TestDatabase.connect(database.config());
                Connection gateway = TestDatabase.connect(database.config());
                Statement dumping = dump.createStatement();
                Statement reading = gateway.createStatement()) {
            dump.setAutoCommit(false);
            dumping.execute("LOCK TABLE charging_session IN ACCESS SHARE MODE");
            CompletableFuture<Void> migration = CompletableFuture.runAsync(database::migrate);
            awaitSomebodyWhoWaitsFor("charging_session", database);
            reading.execute("SET statement_timeout = '20s'");
            assertThat(reading.execute("SELECT count(*) FROM charging_session")).isTrue();
            assertThat(migration).isNotDone();
            dump.rollback();
            migration.get(30, TimeUnit.SECONDS);
        }
        assertThat(database.rows("SELECT bar FROM charging_session")).isEmpty();
    }

    private static void awaitSomebodyWhoWaitsFor(String table, EarlierDatabase database) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (database.rows("SELECT pid FROM pg_locks WHERE NOT granted AND relation = '" + table + "'::regclass")
                .equals(List.of())) {
            assertThat(System.nanoTime()).as("nobody waits for " + table).isLessThan(end);
        }
    }
}

package dev.octroi.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditChainTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123Z");
    /** Each chain lets one in at a time, and nobody waits for a connection longer than five seconds. */
    private static final int AT_ONCE = 20;

    @TempDir
    Path data;

    private final AuditLog log = new AuditLog();
    private DatabaseConfig config;
    private Vertx vertx;
    private Database database;
    private AuditVerifier verifier;
    private AuditExport export;

    @BeforeEach
    void open() throws Exception {
        config = TestDatabase.create();
        vertx = Vertx.vertx();
        database = new Database(vertx, config, 4, 5_000);
        verifier = new AuditVerifier(database, data);
        export = new AuditExport(vertx, database, data, 2);
        for (int i = 1; i <= 6; i++) {
            AuditEntry entry = entry(1, i);
            await(database.inTenant(1, connection -> log.append(connection, entry)));
        }
    }

    @AfterEach
    void close() {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void chainsOfSeveralTenantsHoldAndAreReadNewestFirst() {
        await(database.inWorker(
                connection -> log.append(connection, List.of(entry(2, 1), entry(1, 7), entry(2, 2), entry(3, 1)))));
        AuditVerifier.Report report = await(verifier.verify());
        assertThat(report.findings()).isEmpty();
        assertThat(report.chains()).isEqualTo(3);
        assertThat(report.rows()).isEqualTo(10);
        List<AuditRow> newest = await(database.inTenant(1, connection -> log.newest(connection, 1, Long.MAX_VALUE, 2)));
        assertThat(newest).extracting(AuditRow::seq).containsExactly(7L, 6L);
        assertThat(newest.getFirst().entry())
                .isEqualTo("{\"action\":\"rule.changed\",\"actor\":\"admin\",\"after\":{\"kbps\":384},"
                        + "\"at\":\"2026-11-23T10:00:00.123Z\",\"before\":null,\"objectId\":\"rule_7\","
                        + "\"reason\":\"test\",\"seq\":7,\"tenant\":1,\"tokenId\":null}");
    }

    @Test
    void whatNobodyCouldTakeOutAgainIsNotWritten() {
        AuditEntry entry =
                new AuditEntry(1, NOW, "admin", "rule.changed", "rule_7", "for 8933150320000000012", null, null, null);
        await(database.inTenant(1, connection -> log.append(connection, entry)));
        assertThat(await(database.inTenant(1, connection -> log.newest(connection, 1, Long.MAX_VALUE, 1)))
                        .getFirst()
                        .entry())
                .contains("\"reason\":\"for [redacted]\"");
        assertThat(await(verifier.verify()).holds()).isTrue();
    }

    @Test
    void rollbackLeavesNoEntry() {
        assertThatThrownBy(() -> await(database.inTenant(
                        1,
                        connection -> log.append(connection, entry(1, 7))
                                .compose(done -> Future.failedFuture("the change itself failed")))))
                .hasMessageContaining("the change itself failed");
        assertThat(await(verifier.verify()).rows()).isEqualTo(6);
    }

    @Test
    void concurrentTransactionsKeepOneChainForEachTenant() {
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            List<AuditEntry> entries = i % 2 == 0
                    ? List.of(entry(1, i), entry(2, i), entry(3, i))
                    : List.of(entry(3, i), entry(2, i), entry(1, i));
            all.add(database.inWorker(connection -> log.append(connection, entries)));
            if (all.size() == AT_ONCE) {
                await(Future.all(all));
                all.clear();
            }
        }
        await(Future.all(all));
        AuditVerifier.Report report = await(verifier.verify());
        assertThat(report.findings()).isEmpty();
        assertThat(report.rows()).isEqualTo(186);
    }

    @Test
    void alteredRowIsNamed() {
        tamper("UPDATE audit SET entry = replace(entry, '384', '999') WHERE tenant_id = 1 AND seq = 4");
        assertFirstBad(4);
    }

    @Test
    void alteredRowWithANewHashIsNamedByItsSuccessor() {
        tamper("UPDATE audit SET entry = replace(entry, '384', '999'),"
                + " hash = sha256(prev || convert_to(replace(entry, '384', '999'), 'UTF8'))"
                + " WHERE tenant_id = 1 AND seq = 4");
        assertFirstBad(5);
    }

    @Test
    void droppedRowIsNamed() {
        tamper("DELETE FROM audit WHERE tenant_id = 1 AND seq = 3");
        assertFirstBad(3);
    }

    @Test
    void reorderedRowsAreNamed() {
        tamper(
                "UPDATE audit SET seq = 1000 WHERE tenant_id = 1 AND seq = 2",
                "UPDATE audit SET seq = 2 WHERE tenant_id = 1 AND seq = 3",
                "UPDATE audit SET seq = 3 WHERE tenant_id = 1 AND seq = 1000");
        assertFirstBad(2);
    }

    @Test
    void cutOffRowsAreNamedByTheHead() {
        tamper("DELETE FROM audit WHERE tenant_id = 1 AND seq > 4");
        assertFirstBad(5);
    }

    @Test
    void cutOffRowsAreNamedByTheExportedHeadWhenTheHeadWasCutToo() {
        assertThat(await(export.export())).isEmpty();
        tamper(
                "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit WHERE tenant_id = 1 AND seq = 4)"
                        + " WHERE tenant_id = 1",
                "DELETE FROM audit WHERE tenant_id = 1 AND seq > 4");
        assertFirstBad(5);
        assertThat(await(export.export())).extracting(AuditFinding::tenantId).containsExactly(1);
        assertFirstBad(5);
    }

    @Test
    void aChainThatWasRestoredFromBeforeItsExportedHeadIsAcceptedAndSaysSo() throws Exception {
        await(export.export());
        tamper(
                "DELETE FROM audit WHERE tenant_id = 1 AND seq > 4",
                "UPDATE audit_head h SET seq = 4, hash = a.hash FROM audit a"
                        + " WHERE h.tenant_id = 1 AND a.tenant_id = 1 AND a.seq = 4");
        assertThat(await(export.export())).hasSize(1);
        ChainAcceptance acceptance = new ChainAcceptance(database, data, () -> NOW);

        assertThat(await(acceptance.accept(1, "cli:ops", "restored")))
                .isEqualTo(new ChainAcceptance.Outcome.Accepted(6, 4));

        assertThat(await(export.export())).isEmpty();
        assertThat(await(verifier.verify()).holds()).isTrue();
        assertThat(await(database.inTenant(1, connection -> log.newest(connection, 1, Long.MAX_VALUE, 1)))
                        .getFirst()
                        .entry())
                .contains("audit.chain_accepted", "\"reason\":\"restored\"", "\"seq\":6");
        assertThat(await(acceptance.accept(1, "cli:ops", "again"))).isEqualTo(new ChainAcceptance.Outcome.Needless());
        tamper("DELETE FROM audit WHERE tenant_id = 1 AND seq = 5");
        assertThat(await(verifier.verify()).holds())
                .as("what came since is anchored as before")
                .isFalse();
    }

    @Test
    void aChainThatIsBrokenInItselfIsNotAccepted() throws Exception {
        await(export.export());
        tamper("UPDATE audit SET entry = replace(entry, '384', '999') WHERE tenant_id = 1 AND seq = 4");
        ChainAcceptance acceptance = new ChainAcceptance(database, data, () -> NOW);
        assertThat(await(acceptance.accept(1, "cli:ops", "restored")))
                .isInstanceOf(ChainAcceptance.Outcome.Broken.class);
        assertThat(await(verifier.verify()).holds()).isFalse();
    }

    @Test
    void emptiedTableIsNamedByTheExportedHead() {
        await(export.export());
        tamper("TRUNCATE audit", "TRUNCATE audit_head");
        assertFirstBad(1);
        assertThat(await(export.export())).hasSize(1);
    }

    @Test
    void chainWrittenAnewIsNamedByTheExportedHead() {
        await(export.export());
        tamper("TRUNCATE audit", "TRUNCATE audit_head");
        for (int i = 1; i <= 6; i++) {
            AuditEntry entry = entry(1, i + 10);
            await(database.inTenant(1, connection -> log.append(connection, entry)));
        }
        assertFirstBad(6);
        assertThat(await(export.export())).hasSize(1);
        AuditEntry more = entry(1, 20);
        await(database.inTenant(1, connection -> log.append(connection, more)));
        assertThat(await(export.export())).hasSize(1);
    }

    @Test
    void exportsThatMeetAreOneRound() {
        Future<List<AuditFinding>> first = export.export();
        assertThat(export.export()).isSameAs(first);
        assertThat(await(first)).isEmpty();
        assertThat(export.export()).isNotSameAs(first);
    }

    /** As an event loop's stack would run out where each page completed the one before it. */
    @Test
    void aChainOfThousandsOfPagesIsExported() throws Exception {
        List<AuditEntry> entries =
                IntStream.rangeClosed(1, 5_000).mapToObj(i -> entry(3, i)).toList();
        await(database.inWorker(connection -> log.append(connection, entries)));
        AuditExport small = new AuditExport(vertx, database, data.resolve("small"), 1);
        assertThat(await(small.export())).isEmpty();
        assertThat(Files.readAllLines(data.resolve("small/audit/heads.txt")))
                .anyMatch(line -> line.startsWith("3 5000 "));
    }

    @Test
    void aChainOfThousandsOfPagesIsVerified() throws Exception {
        List<AuditEntry> entries =
                IntStream.rangeClosed(1, 5_000).mapToObj(i -> entry(3, i)).toList();
        await(database.inWorker(connection -> log.append(connection, entries)));
        AuditVerifier.Report report = await(new AuditVerifier(database, data, 1).verify());
        assertThat(report.findings()).isEmpty();
        assertThat(report.rows()).isEqualTo(5_006);
    }

    @Test
    void lastExportHoldsWhatWasWrittenWhileAnotherRan() throws Exception {
        AuditEntry more = entry(1, 7);
        Future<List<AuditFinding>> other = export.export();
        Future<List<AuditFinding>> last =
                database.inTenant(1, connection -> log.append(connection, more)).compose(done -> export.exportLast());
        await(other);
        assertThat(await(last)).isEmpty();
        assertThat(Files.readAllLines(data.resolve("audit/heads.txt")))
                .singleElement()
                .asString()
                .startsWith("1 7 ");
    }

    @Test
    void exportThatBreaksOffGoesOnWhereItWas() throws Exception {
        await(database.inWorker(connection ->
                log.append(connection, List.of(entry(2, 1), entry(2, 2), entry(2, 3), entry(2, 4), entry(2, 5)))));
        manyRows(3, 3);
        TestDatabase.execute(
                config,
                "CREATE POLICY unreadable ON audit AS RESTRICTIVE FOR SELECT"
                        + " USING (1 / (CASE WHEN tenant_id = 2 AND seq = 4 THEN 0 ELSE 1 END) = 1)");
        assertThatThrownBy(() -> await(export.export())).hasMessageContaining("division by zero");
        assertThat(Files.readAllLines(data.resolve("audit/heads.txt")))
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("1 6 "),
                        two -> assertThat(two).startsWith("2 2 "));

        // What was exported is not read again: a row before it that is altered is for the whole check to find.
        TestDatabase.execute(config, "DROP POLICY unreadable ON audit");
        tamper(
                "DELETE FROM audit WHERE tenant_id = 3",
                "UPDATE audit SET entry = replace(entry, '384', '999') WHERE tenant_id = 2 AND seq = 1");
        assertThat(await(export.export())).isEmpty();
        assertThat(Files.readAllLines(data.resolve("audit/heads.txt")))
                .last()
                .asString()
                .startsWith("2 5 ");
        assertFirstBad(1);
    }

    @Test
    void brokenChainsAreAGauge() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        export.meter(registry);
        tamper("UPDATE audit SET entry = replace(entry, '384', '999') WHERE tenant_id = 1 AND seq = 4");
        assertThat(await(export.export())).hasSize(1);
        assertThat(registry.get("octroi.audit.broken").gauge().value()).isEqualTo(1);
    }

    @Test
    void tenantsAreFoundWithoutReadingAllRows() throws Exception {
        manyRows(1, 3);
        List<String> plan = TestDatabase.rows(config, "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF) " + AuditStore.HEADS);
        assertThat(plan)
                .as(String.join("\n", plan))
                .noneMatch(line -> line.matches(".*Seq Scan on audit( a)? .*"))
                .noneMatch(line -> line.matches(".* on audit .*actual rows=\\d{3,}.*"))
                .anyMatch(line -> line.matches(".*Index Only Scan .* on audit .*"));
        assertThat(await(database.inWorker(new AuditStore()::heads)))
                .extracting(AuditHead::tenantId)
                .containsExactly(1, 2, 3);
    }

    @Test
    void changedExportIsNoticed() throws Exception {
        await(export.export());
        Path file = data.resolve("audit/heads.txt");
        Files.writeString(file, Files.readString(file).replaceFirst("^1 6 ", "1 5 "));
        assertThatThrownBy(() -> await(verifier.verify())).hasMessageContaining("signature");
    }

    @Test
    void applicationRolesMayOnlyAppend() {
        for (String sql : List.of(
                "UPDATE audit SET entry = entry",
                "DELETE FROM audit",
                "TRUNCATE audit",
                "ALTER TABLE audit DISABLE TRIGGER ALL")) {
            assertThatThrownBy(() -> await(database.inTenant(
                            1, connection -> connection.query(sql).execute())))
                    .isInstanceOfSatisfying(
                            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("42501"));
            assertThatThrownBy(() -> await(database.inWorker(
                            connection -> connection.query(sql).execute())))
                    .isInstanceOfSatisfying(
                            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("42501"));
        }
        assertThatThrownBy(() -> TestDatabase.execute(config, "DELETE FROM audit"))
                .hasMessageContaining("append-only");
        assertThatThrownBy(() -> TestDatabase.execute(config, "TRUNCATE audit")).hasMessageContaining("append-only");
    }

    @Test
    void oneTenantCannotWriteIntoAnothersChain() {
        assertThatThrownBy(() -> await(database.inTenant(1, connection -> log.append(connection, entry(2, 1)))))
                .isInstanceOf(PgException.class);
    }

    /** So many rows that the planner will use an index; they are no chains. */
    private void manyRows(int fromTenant, int toTenant) {
        tamper("INSERT INTO audit (tenant_id, seq, entry, prev, hash)"
                + " SELECT t, 100 + n, '{}', ''::bytea, sha256(''::bytea)"
                + " FROM generate_series(%d, %d) AS t, generate_series(1, 10000) AS n".formatted(fromTenant, toTenant));
        TestDatabase.execute(config, "ANALYZE audit");
    }

    private void assertFirstBad(long seq) {
        assertThat(await(verifier.verify()).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.seq()).isEqualTo(seq));
    }

    /** Changes rows as the owner of the database, who can switch the triggers off. */
    private void tamper(String... statements) {
        List<String> all = new ArrayList<>(List.of("SET session_replication_role = replica"));
        all.addAll(List.of(statements));
        TestDatabase.execute(config, all.toArray(String[]::new));
    }

    private static AuditEntry entry(int tenantId, int number) {
        return new AuditEntry(
                tenantId, NOW, "admin", "rule.changed", "rule_" + number, "test", null, Map.of("kbps", 384), null);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 20 seconds", e);
        }
    }
}

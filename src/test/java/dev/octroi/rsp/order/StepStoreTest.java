package dev.octroi.rsp.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.rsp.order.StepStore.Also;
import dev.octroi.rsp.order.StepStore.Entry;
import dev.octroi.rsp.order.StepStore.Written;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of several profiles in one statement. */
class StepStoreTest {
    private static final int PROFILES = 5;
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final String PROFILE = """
            INSERT INTO profile (tenant_id, vshard, id, profile_type, provider_name, profile_name, iccid_sealed, iccid_idx,
                state, download_limit, confirmation_limit, created_at, updated_at)
            SELECT tenant_id, no, no, 'consumer', 'Octroi', 'Travel', '\\x00', decode(md5(no::text), 'hex'), 'released', 10,
                10, now(), now()
            FROM tenant, generate_series(1, 5) AS no
            """;

    private static final String WHAT_IS_THERE = """
            SELECT concat_ws(' ', 'profile', id, state, downloads, progress_no, version) FROM profile
            UNION ALL SELECT concat_ws(' ', 'progress', profile_id, no, step, ok, device->>'tac') FROM rsp_progress
            UNION ALL SELECT concat_ws(' ', 'session', profile_id, encode(transaction_id, 'escape'), life) FROM rsp_session
            UNION ALL SELECT concat_ws(' ', 'letter', key, version, endpoint_id, payload->>'step') FROM outbox
            ORDER BY 1
            """;

    private final Vertx vertx = Vertx.vertx();
    private DatabaseConfig config;
    private Database database;
    private StepStore store;

    @BeforeEach
    void open() throws SQLException {
        config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('reseller', 'Reseller')", PROFILE, """
                INSERT INTO rsp_session (transaction_id, state_sealed, created_at, expires_at)
                VALUES ('session 3', '', now(), now() + interval '1 hour')
                """);
        database = new Database(vertx, config, 2, 5_000);
        store = new StepStore(vertx, database, true);
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void eachStepOfAStatementIsWrittenOrNotForItself() throws Exception {
        List<Written> written =
                await(store.write(database.keyedPool(), SessionStore.ADMITTED, entries(readAllButTheSecondChanged())));

        assertThat(written)
                .containsExactly(
                        new Written(true, false, false),
                        new Written(false, false, false),
                        new Written(false, false, true),
                        new Written(true, true, false),
                        new Written(true, false, false));
        assertThat(TestDatabase.rows(config, WHAT_IS_THERE))
                .contains("profile 1 released 1 1 1", "progress 1 1 authenticated t", "session 1 session 1 1")
                .contains("profile 2 released 0 0 1", "profile 3 released 0 0 0", "session session 3")
                .contains("letter 4 1 77 authenticated")
                .doesNotContain("session 2 session 2 1", "session 3 session 3 1", "letter 1 1 0 authenticated");
    }

    @Test
    void stepsTogetherWriteWhatTheyWouldHaveWrittenOneAfterTheOther() throws Exception {
        List<Entry> entries = entries(readAllButTheSecondChanged());
        List<Written> together = await(store.write(database.keyedPool(), SessionStore.ADMITTED, entries));
        List<String> thereTogether = TestDatabase.rows(config, WHAT_IS_THERE);
        await(database.close());
        open();

        List<Written> alone = new ArrayList<>();
        for (Entry entry : entries(readAllButTheSecondChanged())) {
            alone.add(await(store.write(database.workerPool(), entry)));
        }

        assertThat(alone).isEqualTo(together);
        assertThat(TestDatabase.rows(config, WHAT_IS_THERE)).isEqualTo(thereTogether);
    }

    static List<StepShape> shapes() {
        return List.of(
                StepShape.ALONE,
                SessionStore.ADMITTED,
                SessionStore.OVER,
                PackageStore.KEPT,
                NotificationStore.TOLD,
                NotificationStore.TOLD_AND_OVER);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void noStatementOfStepsReadsAWholeTableHoweverSmallItIs(StepShape shape) throws Exception {
        assertThat(plan(shape.text(false, true))).contains("Index Scan").doesNotContain("Seq Scan on profile");
    }

    @Test
    void activationCodesAreLookedUpByIndexesHoweverSmallTheTablesAre() throws Exception {
        assertThat(plan(ProfileStore.BY_MATCHING_IDS)).contains("Index Scan").doesNotContain("Seq Scan");
    }

    private String plan(String statement) throws Exception {
        List<String> lines = await(database.keyedPool()
                .query("EXPLAIN (GENERIC_PLAN) " + statement)
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString(0))
                        .toList()));
        return String.join("\n", lines);
    }

    private List<ProfileRow> readAllButTheSecondChanged() throws Exception {
        List<ProfileRow> read = await(database.workerPool()
                .query("SELECT *, false AS listened FROM profile ORDER BY id")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ProfileColumns::read)
                        .toList()));
        TestDatabase.execute(config, "UPDATE profile SET version = version + 1 WHERE id = 2");
        return read;
    }

    /** Each card of the profiles is admitted; an operator hears of the fourth, and nobody asked to hear of the first. */
    private static List<Entry> entries(List<ProfileRow> read) {
        List<Entry> entries = new ArrayList<>();
        for (ProfileRow row : read) {
            ProfileStatus next = row.status().withAttempts(1).withProgress(1);
            ProfileChange change = ProfileChange.of(row.with(next), ProfileStep.AUTHENTICATED, null, null, -1, NOW);
            entries.add(new Entry(row, next, change, NOW, letter(row), admitted(row)));
        }
        assertThat(entries).hasSize(PROFILES);
        return entries;
    }

    private static OutboxRow letter(ProfileRow row) {
        return switch ((int) row.id()) {
            case 1, 4 ->
                new OutboxRow(
                        row.tenantId(),
                        1_024 + row.id(),
                        Stream.ES2,
                        row.id() == 4 ? 77 : 0,
                        row.id(),
                        1,
                        new JsonObject().put("step", "authenticated"),
                        NOW);
            default -> null;
        };
    }

    private static Also admitted(ProfileRow row) {
        return new Also(
                SessionStore.ADMITTED,
                Tuple.of(
                        Buffer.buffer(("session " + row.id()).getBytes(StandardCharsets.US_ASCII)),
                        Buffer.buffer(new byte[] {1}),
                        1,
                        NOW.atOffset(ZoneOffset.UTC),
                        NOW.plusSeconds(600).atOffset(ZoneOffset.UTC)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

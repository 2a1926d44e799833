package dev.octroi.callback.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which policies are told next. */
class PolicyHeadStoreTest {
    private static final Instant NOW = Instant.parse("2026-12-01T00:01:00Z");
    private static final Pattern PAGES = Pattern.compile("shared (?:hit=(\\d+))? ?(?:read=(\\d+))?");

    private final Vertx vertx = Vertx.vertx();
    private DatabaseConfig config;
    private Database database;
    private long id;

    @BeforeEach
    void open() throws Exception {
        config = TestDatabase.create();
        database = new Database(vertx, config, 2, 5_000);
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void whatIsUrgentComesBeforeABacklogAndTheBacklogGoesOn() throws Exception {
        rows(1, Urgency.IN_BULK, 0, 500, 60);
        long stops = rows(1, Urgency.STOPS, 0, 1, 1);
        long decided = rows(1, Urgency.DECIDED, 0, 1, 1);
        List<Long> keys = look(rooms(Map.of(), 4, Map.of()));
        assertThat(keys).hasSize(4).contains(stops, decided);
    }

    /** One at a time, as a network gets room; those that are urgent do not end. */
    @Test
    void noQueueWaitsForGood() throws Exception {
        long bulk = rows(1, Urgency.IN_BULK, 0, 1, 60);
        rows(1, Urgency.STOPS, 0, 100, 60);
        assertThat(look(rooms(Map.of(), 1, Map.of()))).doesNotContain(bulk);
        assertThat(look(rooms(Map.of(), 1, Map.of(new DispatchStore.Queue(1, Urgency.STOPS, false), 3))))
                .containsExactly(bulk);
    }

    @Test
    void tenantsShareANetworkByWhatTheyHaveUnderWay() throws Exception {
        rows(1, Urgency.IN_BULK, 0, 500, 60);
        long other = rows(2, Urgency.IN_BULK, 0, 1, 1);
        assertThat(look(rooms(Map.of(), 1, Map.of(new DispatchStore.Queue(1, Urgency.IN_BULK, false), 63))))
                .containsExactly(other);
    }

    @Test
    void whatWasNeverTriedWaitsForNothingThatIsTriedAgainAndAgain() throws Exception {
        rows(1, Urgency.STOPS, 9, 100, 60);
        long fresh = rows(1, Urgency.IN_BULK, 0, 1, 1);
        assertThat(look(rooms(Map.of(), 2, Map.of()))).hasSize(2).contains(fresh);
    }

    @Test
    void nothingIsTakenForANetworkThatHasNoRoom() throws Exception {
        TestDatabase.execute(config, """
                INSERT INTO partner (tenant_id, id, kind, name, key_sha256, operations, callback_url, created_at)
                VALUES (0, 70, 'network', 'all', sha256('0'), '{}', 'https://all.example', now()),
                       (2, 72, 'network', 'own', sha256('2'), '{}', 'https://own.example', now())
                """);
        rows(1, Urgency.STOPS, 0, 3, 60);
        rows(2, Urgency.STOPS, 0, 3, 60);
        assertThat(look(rooms(Map.of(70L, 0), 64, Map.of()))).hasSize(3).allMatch(key -> key > 3);
        assertThat(look(rooms(Map.of(72L, 0), 2, Map.of()))).hasSize(2).allMatch(key -> key <= 3);
    }

    @Test
    void aLookReadsNoMoreThanItTakesHoweverManyWait() throws Exception {
        List<Urgency> urgencies = List.of(Urgency.values());
        for (int tenant = 1; tenant <= 5; tenant++) {
            for (Urgency urgency : urgencies) {
                rows(tenant, urgency, 0, 7_500, 60);
                rows(tenant, urgency, 3, 2_500, 60);
            }
        }
        assertThat(pages()).as("before the first ANALYZE").isLessThan(2_000);
        TestDatabase.execute(config, "ANALYZE outbox");
        assertThat(pages()).isLessThan(2_000);
    }

    /** Pages that a look at some queues reads, with the plan that does for all looks. */
    private long pages() throws Exception {
        List<String> plan = await(database.inWorker(connection -> LeaseStore.looking(connection)
                .compose(set -> connection
                        .query("PREPARE look AS " + PolicyHeadStore.LOOK)
                        .execute())
                .compose(prepared -> connection
                        .query("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) EXECUTE look"
                                + " (now(), '{0}', '{64}', 64, '{1}', '{3}', '{f}', '{30}', 448)")
                        .execute())
                .compose(rows -> connection
                        .query("DEALLOCATE look")
                        .execute()
                        .map(done -> rows.stream().map(row -> row.getString(0)).toList()))));
        Matcher pages = PAGES.matcher(plan.stream()
                .filter(line -> line.contains("Buffers: shared"))
                .findFirst()
                .orElseThrow());
        assertThat(pages.find()).as(String.join("\n", plan)).isTrue();
        long read = number(pages.group(1)) + number(pages.group(2));
        assertThat(plan).as(String.join("\n", plan)).noneMatch(line -> line.contains("Seq Scan on outbox"));
        return read;
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private List<Long> look(DispatchStore.PolicyRooms rooms) throws Exception {
        return await(database.inWorker(connection -> new PolicyHeadStore().lock(connection, rooms, NOW))).stream()
                .map(HeadStore.Head::key)
                .toList();
    }

    private static DispatchStore.PolicyRooms rooms(
            Map<Long, Integer> partners, int unknown, Map<DispatchStore.Queue, Integer> underWay) {
        return new DispatchStore.PolicyRooms(partners, unknown, 512, underWay);
    }

    /** Policies that are due for some seconds; gives the key of the last. */
    private long rows(int tenant, Urgency urgency, int attempts, int count, int seconds) throws Exception {
        TestDatabase.execute(
                config, """
                INSERT INTO outbox (tenant_id, vshard, id, stream, key, version, created_at, next_at, urgency, attempts)
                SELECT %d, n %% 256, n, 'network', n, 1, d.due, d.due, %d, %d
                FROM generate_series(%d, %d) AS n, (SELECT '%s'::timestamptz - interval '%d seconds' AS due) d
                """.formatted(tenant, urgency.number(), attempts, id + 1, id + count, NOW, seconds));
        id += count;
        return id;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}

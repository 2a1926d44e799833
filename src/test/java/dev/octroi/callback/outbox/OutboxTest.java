package dev.octroi.callback.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private static DatabaseConfig config;
    private static Vertx vertx;
    private static Database database;
    private static final Ids IDS = new Ids(Clock.systemUTC(), new SplittableRandom(7));

    @BeforeAll
    static void open() {
        config = TestDatabase.create();
        vertx = Vertx.vertx();
        database = new Database(vertx, config, 2, 2_000);
    }

    @AfterAll
    static void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void secondRowWithTheSameVersionIsIgnored() throws Exception {
        long key = IDS.next(9);
        Outbox outbox = new Outbox();
        for (int i = 0; i < 2; i++) {
            List<OutboxRow> rows = List.of(network(key, 1), network(key, 2));
            await(database.inWorker(connection -> outbox.append(connection, rows)));
        }
        assertThat(count("SELECT count(*)::int FROM outbox WHERE key = " + key)).isEqualTo(2);
    }

    @Test
    void whatAGatewayWithAClockAheadWroteIsDueAtOnceForAll() throws Exception {
        long key = IDS.next(9);
        OutboxRow usual = network(key, 1);
        OutboxRow ahead = new OutboxRow(
                usual.tenantId(),
                IDS.next(9),
                usual.stream(),
                usual.endpointId(),
                key,
                2,
                usual.payload(),
                Instant.now().plus(Duration.ofMinutes(4)));
        await(database.inWorker(connection -> new Outbox().append(connection, List.of(usual, ahead))));
        assertThat(count("SELECT count(*)::int FROM outbox WHERE next_at <= now() AND key = " + key))
                .isEqualTo(2);
    }

    @Test
    void progressThatNobodyCanHearIsNotKept() throws Exception {
        long key = IDS.next(9);
        Outbox outbox = new Outbox();
        // Tenant 8: without an operator, then with one that has no address, then with one that has, then without again.
        List<String> changes = List.of(
                "SELECT 1",
                "INSERT INTO partner (tenant_id, id, kind, name, key_sha256, operations, created_at)"
                        + " VALUES (8, 81, 'sm-dp', 'silent', sha256('81'), '{es2:order}', now())",
                "UPDATE partner SET callback_url = 'https://operator.example' WHERE id = 81",
                "UPDATE partner SET disabled_at = now() WHERE id = 81");
        int version = 0;
        for (String change : changes) {
            TestDatabase.execute(config, change);
            List<OutboxRow> rows = List.of(progress(key, 0, ++version), progress(key, 81, version));
            await(database.inWorker(connection -> outbox.appendHeard(connection, rows)));
        }
        assertThat(count("SELECT count(*)::int FROM outbox WHERE endpoint_id = 81 AND key = " + key))
                .isEqualTo(4);
        assertThat(count("SELECT sum(version)::int FROM outbox WHERE endpoint_id = 0 AND key = " + key))
                .isEqualTo(3);
    }

    @Test
    void eventGoesToTheEndpointsThatAskedForItsType() throws Exception {
        TestDatabase.execute(
                config,
                "INSERT INTO webhook_endpoint (tenant_id, id, vshard, url, event_types, secret_sealed, state) VALUES "
                        + "(5, 1, 1, 'https://a.example', '{}', '', 'active'), "
                        + "(5, 2, 2, 'https://b.example', '{policy}', '', 'active'), "
                        + "(5, 3, 3, 'https://c.example', '{order.completed}', '', 'active'), "
                        + "(5, 4, 4, 'https://d.example', '{}', '', 'disabled'), "
                        + "(6, 5, 5, 'https://e.example', '{}', '', 'active')");
        long subject = IDS.next(3);
        EventLog log = new EventLog();
        Event event = new Event(5, IDS.next(3), "policy.decided", subject, new JsonObject().put("level", 2), NOW);
        await(database.inTenant(5, connection -> log.append(connection, List.of(event))));
        assertThat(count("SELECT sum(endpoint_id)::int FROM outbox WHERE id = " + event.id()))
                .isEqualTo(3);
        assertThat(count("SELECT (data ->> 'level')::int FROM event WHERE id = " + event.id()))
                .isEqualTo(2);
    }

    private static OutboxRow progress(long key, long operator, long version) {
        return new OutboxRow(8, IDS.next(Ids.shardOf(key)), Stream.ES2, operator, key, version, new JsonObject(), NOW);
    }

    private static OutboxRow network(long key, long version) {
        return new OutboxRow(
                5,
                IDS.next(Ids.shardOf(key)),
                Stream.NETWORK,
                0,
                key,
                version,
                new JsonObject().put("level", 2).put("kbpsDown", 384),
                NOW);
    }

    private static int count(String sql) throws Exception {
        return await(database.workerPool()
                .query(sql)
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}

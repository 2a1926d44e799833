package dev.octroi.api.operator;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.Partner;
import dev.octroi.audit.AuditLog;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Contract;
import dev.octroi.http.ContractResponses;
import dev.octroi.http.Front;
import dev.octroi.http.Routes;
import dev.octroi.http.ServerOptions;
import dev.octroi.pki.TrustDomain;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.ClearText;
import dev.octroi.testing.TestDatabase;
import dev.octroi.usage.LocationIntake;
import dev.octroi.usage.Quarantine;
import dev.octroi.usage.QuarantineOutcome;
import dev.octroi.usage.QuarantinedRecord;
import dev.octroi.usage.UsageIntake;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator API as a network sees it, on a real database. That certificates decide is tested with the listeners. */
class OperatorApiTest {
    private static final String USAGE = "/network/v1/usage-records";
    /** Stands for the certificate. */
    private static final String PARTNER = "Partner-Of-The-Test";

    private static final String LOCATIONS = "/network/v1/locations";

    private static QuotaFixture fixture;
    private static BlindIndex index;
    private static SimpleMeterRegistry meters;
    private static HttpServer server;
    private static WebClient client;
    private static ContractResponses promises;
    private static int imsis = 100;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        fixture = new QuotaFixture();
        index = new BlindIndex(Keyring.open(directory, new SecureRandom()));
        meters = new SimpleMeterRegistry();
        UsageIntake intake =
                new UsageIntake(fixture.database, fixture.accounts, index, fixture.clock, Duration.ofHours(72), meters);
        Contract contract = await(Contract.load(fixture.vertx, "operator"));
        promises = ContractResponses.of(contract);
        Front front = new Front("operator", fixture.vertx, ConnectionLimits.DEFAULT, new Random(1), System::nanoTime);
        Routes.of(contract)
                .security(OperatorApi.SCHEME, (ctx, operations) -> {
                    String name = ctx.request().getHeader(PARTNER);
                    ctx.put(Partner.KEY, partner(name == null ? "net-a" : name));
                    return Future.succeededFuture();
                })
                .handlers(OperatorApi.handlers(
                        intake,
                        new LocationIntake(fixture.database, Optional.empty(), fixture.accounts, index, fixture.clock)))
                .mount(fixture.vertx, front.router());
        server = await(front.server(ServerOptions.http1("127.0.0.1", 0)).listen());
        client = WebClient.create(fixture.vertx);
    }

    private static Partner partner(String name) {
        return new Partner(
                0,
                1,
                TrustDomain.values()[0],
                name,
                Set.of("usage:report", "location:report"),
                List.of("20801"),
                Optional.empty());
    }

    @AfterAll
    static void close() {
        await(server.close());
        fixture.close();
    }

    @Test
    void singleRecordIsCountedAndAgainIsADuplicate() {
        String imsi = subscriber();
        JsonObject record = record("one", imsi, 5 * MB);
        assertThat(single(record)).containsEntry("result", "counted").containsEntry("id", "one");
        assertThat(single(record)).containsEntry("result", "duplicate");
    }

    /** Network elements make names of records of the numbers in them. */
    @Test
    void numbersInNamesOfRecordsAndSessionsAreKeptNowhere() throws Exception {
        String known = subscriber();
        String unknown = "20801" + String.format("%010d", imsis++);
        for (String imsi : List.of(known, unknown)) {
            JsonObject record = record("pgw-" + imsi + "-1", imsi, 5 * MB)
                    .put("meaning", "session_cumulative")
                    .put("session", imsi + "/1");
            assertThat(single(record))
                    .containsEntry("result", imsi.equals(known) ? "counted" : "quarantined")
                    .containsEntry("id", "pgw-" + imsi + "-1");
            if (imsi.equals(known)) {
                assertThat(single(record)).containsEntry("result", "duplicate");
            }
        }
        assertThat(ClearText.find(fixture.config, Map.of("imsi", known, "unknown imsi", unknown)))
                .isEmpty();
    }

    @Test
    void everyLineHasItsResult() {
        String imsi = subscriber();
        String now = fixture.now.get().toString();
        List<String> lines = List.of(
                record("a", imsi, MB).encode(),
                record("a", imsi, MB).encode(),
                record("b", imsi, MB)
                        .put(
                                "end",
                                fixture.now.get().minus(Duration.ofHours(73)).toString())
                        .put(
                                "start",
                                fixture.now.get().minus(Duration.ofHours(74)).toString())
                        .encode(),
                record("c", imsi, MB)
                        .put(
                                "end",
                                fixture.now.get().plus(Duration.ofMinutes(6)).toString())
                        .encode(),
                record("d", imsi, MB).put("down", -1).encode(),
                record("e", imsi, MB)
                        .put("down", new java.math.BigInteger("99999999999999999999"))
                        .encode(),
                record("f", "208019999999999", MB).encode(),
                record("g", "310150000000001", MB).encode(),
                "{\"id\":\"h\",\"imsi\":\"" + imsi + "\",\"plmn\":\"208-01\",\"up\":1,\"down\":1,\"end\":\"" + now
                        + "\",\"colour\":1}",
                "not json",
                record("j", imsi, MB).put("down", 1.5).encode(),
                record("k", imsi, MB).put("end", "yesterday").encode());
        JsonObject answer = send(USAGE, "application/x-ndjson", String.join("\n", lines) + "\n");
        assertThat(answer.getJsonArray("results"))
                .extracting(
                        each -> ((JsonObject) each).getString("result") + " " + ((JsonObject) each).getString("reason"))
                .containsExactly(
                        "counted null",
                        "duplicate null",
                        "quarantined too_late",
                        "quarantined in_future",
                        "rejected negative",
                        "rejected too_large",
                        "quarantined unknown_subscriber",
                        "rejected subscriber_not_covered",
                        "rejected malformed",
                        "rejected malformed",
                        "rejected malformed",
                        "rejected malformed");
        assertThat(answer.getInteger("counted")).isEqualTo(1);
        assertThat(answer.getInteger("quarantined")).isEqualTo(3);
        assertThat(fixture.number("SELECT count(*) FROM quarantine WHERE key IN ('b', 'c', 'f')"))
                .isEqualTo(3);
        assertThat(meters.counter("octroi.usage.records", "verdict", "quarantined", "reason", "too_late")
                        .count())
                .isEqualTo(1);
        assertThat(answer.encode()).doesNotContain(imsi);
        assertThat(fixture.number("SELECT count(*) FROM quarantine WHERE record::text LIKE ?", "%" + imsi + "%"))
                .isZero();
    }

    @Test
    void quarantinedRecordIsReleasedOnceItsSubscriberIsKnown() {
        Quarantine quarantine = new Quarantine(fixture.database, fixture.accounts, new AuditLog(), fixture.clock);
        String imsi = "20801" + String.format("%010d", imsis++);
        assertThat(single(record("early", imsi, 3 * MB))).containsEntry("result", "quarantined");
        long id = await(quarantine.list(0, QuarantinedRecord.Status.WAITING, 0, 200)).stream()
                .filter(each -> each.key().equals("early"))
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(await(quarantine.release(0, id, AccountFixture.ADMIN, "SIM linked late")))
                .isInstanceOf(QuarantineOutcome.SubscriberUnknown.class);
        AccountKey key = subscriber(imsi);
        assertThat(await(quarantine.release(0, id, AccountFixture.ADMIN, "SIM linked late")))
                .isInstanceOf(QuarantineOutcome.Resolved.class);
        assertThat(await(quarantine.release(0, id, AccountFixture.ADMIN, "again")))
                .isInstanceOf(QuarantineOutcome.Resolved.class);
        assertThat(fixture.number("SELECT used_bytes FROM account_hot WHERE account_id = ?", key.accountId()))
                .isEqualTo(3 * MB);
        assertThat(single(record("early", imsi, 3 * MB))).containsEntry("result", "duplicate");
        assertThat(fixture.number("SELECT count(*) FROM audit WHERE action = 'usage.quarantine_released'"))
                .isEqualTo(1);
    }

    @Test
    void locationsMoveTheDeviceThroughZones() {
        String imsi = subscriber();
        assertThat(sendLocation(imsi, "7501")).isEqualTo("counted");
        assertThat(fixture.number("SELECT count(*) FROM restriction WHERE id = 'zone:zone_paris'"))
                .isEqualTo(1);
        // What begins by itself holds for a minute.
        fixture.now.updateAndGet(now -> now.plusSeconds(61));
        assertThat(sendLocation(imsi, "AAAA")).isEqualTo("counted");
        assertThat(fixture.number("SELECT count(*) FROM restriction WHERE id = 'zone:zone_paris'"))
                .isZero();
        assertThat(sendLocation("208019999999998", "7501")).isEqualTo("rejected");
    }

    @Test
    void aDeviceIsKeptAsHashAndAnotherOneIsTold() {
        String imsi = "20801" + String.format("%010d", imsis++);
        AccountKey key = subscriber(imsi);
        single(record("d1", imsi, MB).put("imei", "356938035643809"));
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        assertThat(single(record("d2", imsi, MB).put("imeisv", "3569380356438001")))
                .as("the same device with its software version")
                .containsEntry("result", "counted");
        assertThat(deviceChanges(key)).isZero();
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        JsonObject moved = new JsonObject()
                .put("imsi", imsi)
                .put("plmn", "208-01")
                .put("imei", "490154203237518")
                .put("at", fixture.now.get().toString());
        assertThat(send(LOCATIONS, "application/json", moved.encode()).getInteger("counted"))
                .isEqualTo(1);
        assertThat(deviceChanges(key)).isEqualTo(1);
        assertThat(
                        fixture.number(
                                "SELECT count(*) FROM event WHERE data::text LIKE '%49015420%' OR data::text LIKE '%35693803%'"))
                .isZero();
    }

    @Test
    void aDeviceOfAnotherFormOrTwoOfThemIsMalformed() {
        String imsi = subscriber();
        assertThat(single(record("m1", imsi, MB).put("imei", "35693803564380"))).containsEntry("result", "counted");
        assertThat(single(record("m2", imsi, MB).put("imei", "3569380356438")))
                .containsEntry("result", "rejected")
                .containsEntry("reason", "malformed");
        assertThat(single(record("m3", imsi, MB).put("imei", "356938035643809").put("imeisv", "3569380356438001")))
                .containsEntry("reason", "malformed");
    }

    private static long deviceChanges(AccountKey key) {
        return fixture.number("""
                SELECT count(*) FROM event e JOIN account a ON a.subscription_id = e.subject_id
                WHERE a.id = ? AND e.type = 'device.changed'
                """, key.accountId());
    }

    @Test
    void tenThousandRecordsInOneRequestAreCountedToTheByte() {
        String imsi = "20801" + String.format("%010d", imsis++);
        AccountKey key = subscriber(imsi);
        StringBuilder lines = new StringBuilder();
        long sum = 0;
        for (int i = 0; i < 10_000; i++) {
            long bytes = 1_000 + i;
            sum += bytes;
            lines.append(record("bulk-" + i, imsi, bytes).encode()).append('\n');
        }
        JsonObject answer = send(USAGE, "application/x-ndjson", lines.toString());
        assertThat(answer.getInteger("counted")).isEqualTo(10_000);
        AccountView view = await(new AccountReader(fixture.database, fixture.clock).view(1, key.accountId()))
                .orElseThrow();
        assertThat(view.usedBytes() + view.beyondBytes()).isEqualTo(sum);
        assertThat(view.freshness().asOf()).isEqualTo(fixture.now.get());
        lines.append(record("one-more", imsi, 1).encode());
        HttpResponse<Buffer> tooMany = post(USAGE, "application/x-ndjson", lines.toString());
        assertThat(tooMany.statusCode()).isEqualTo(413);
    }

    @Test
    void aPartnerReportsWhatIsLeftInsteadOfWhatWasUsed() {
        String imsi = "20801" + String.format("%010d", imsis++);
        AccountKey key = subscriber(imsi);
        assertThat(single(balance("left-1", imsi, 900 * MB, null))).containsEntry("result", "counted");
        assertThat(used(key)).as("nobody knows what the bundle began with").isZero();
        fixture.now.updateAndGet(now -> now.plusSeconds(300));
        JsonObject later = balance("left-2", imsi, 850 * MB, null);
        assertThat(single(later)).containsEntry("result", "counted");
        assertThat(single(later)).containsEntry("result", "duplicate");
        assertThat(used(key)).isEqualTo(50 * MB);
        assertThat(single(balance("left-3", imsi, 800 * MB, 1_000 * MB))).containsEntry("result", "counted");
        assertThat(used(key)).as("with the size it is known to the byte").isEqualTo(200 * MB);
    }

    @Test
    void whatIsLeftAndWhatWasUsedAreNotMixedInOneRecord() {
        String imsi = subscriber();
        List<JsonObject> mixed = List.of(
                balance("x1", imsi, MB, null).put("down", 5),
                balance("x2", imsi, 2 * MB, MB),
                balance("x3", imsi, MB, null).put("counterBits", 32),
                record("x4", imsi, MB).put("remaining", 5),
                balance("x5", imsi, MB, null).put("meaning", "remaining"));
        assertThat(mixed)
                .allSatisfy(each -> assertThat(single(each))
                        .containsEntry("result", "rejected")
                        .containsEntry("reason", "malformed"));
        assertThat(single(balance("x6", imsi, -1, null))).containsEntry("reason", "negative");
    }

    @Test
    void a32BitCounterCannotShowFourGibibytes() {
        String imsi = "20801" + String.format("%010d", imsis++);
        AccountKey key = subscriber(imsi);
        JsonObject most = record("n1", imsi, MB)
                .put("meaning", "session_cumulative")
                .put("session", "narrow")
                .put("counterBits", 32)
                .put("up", 0)
                .put("down", (1L << 32) - 1);
        assertThat(single(most)).containsEntry("result", "counted");
        assertThat(single(most.copy().put("id", "n2").put("down", 1L << 32)))
                .containsEntry("result", "rejected")
                .containsEntry("reason", "malformed");
        assertThat(single(most.copy().put("id", "n3").put("up", 1L << 32))).containsEntry("reason", "malformed");
        assertThat(single(record("n4", imsi, MB)
                        .put("counterBits", 32)
                        .put("up", 0)
                        .put("down", 1L << 32)))
                .as("a delta is no counter")
                .containsEntry("result", "counted");
        assertThat(fixture.number(
                        "SELECT used_bytes + beyond_bytes FROM account_hot WHERE account_id = ?", key.accountId()))
                .isEqualTo((1L << 33) - 1);
    }

    private static JsonObject balance(String id, String imsi, long left, Long total) {
        JsonObject record = new JsonObject()
                .put("id", id)
                .put("imsi", imsi)
                .put("meaning", "absolute_remaining")
                .put("session", "bundle-1")
                .put("end", fixture.now.get().toString())
                .put("remaining", left)
                .put("plmn", "208-01");
        return total == null ? record : record.put("total", total);
    }

    private static long used(AccountKey key) {
        return fixture.number("SELECT used_bytes FROM account_hot WHERE account_id = ?", key.accountId());
    }

    @Test
    void oneRecordThatTheDatabaseRefusesIsKeptAndItsNeighboursAreCounted() {
        String imsi = "20801" + String.format("%010d", imsis++);
        AccountKey key = subscriber(imsi);
        TestDatabase.execute(
                fixture.config, "ALTER TABLE ledger ADD CONSTRAINT poison CHECK (key <> 'poison') NOT VALID");
        String lines = record("before", imsi, MB).encode() + "\n"
                + record("poison", imsi, MB).encode() + "\n"
                + record("behind", imsi, MB).encode();
        assertThat(send(USAGE, "application/x-ndjson", lines).getJsonArray("results"))
                .extracting(each -> ((JsonObject) each).getString("result"))
                .containsExactly("counted", "quarantined", "counted");
        assertThat(used(key)).isEqualTo(2 * MB);
        TestDatabase.execute(fixture.config, "ALTER TABLE ledger DROP CONSTRAINT poison");
        Quarantine quarantine = new Quarantine(fixture.database, fixture.accounts, new AuditLog(), fixture.clock);
        long id = fixture.number("SELECT id FROM quarantine WHERE key = 'poison' AND reason = 'not_written'");
        assertThat(await(quarantine.release(1, id, AccountFixture.ADMIN, "constraint mended")))
                .isInstanceOf(QuarantineOutcome.Resolved.class);
        assertThat(used(key)).isEqualTo(3 * MB);
    }

    @Test
    void useOfALostSimFromBeforeItsReplacementIsCountedWheneverItArrivesAndNoneOfAfterIt() {
        String imsi = "20801" + String.format("%010d", imsis++);
        AccountKey key = subscriber(imsi);
        JsonObject late = record("late", imsi, MB)
                .put("start", fixture.now.get().minus(Duration.ofHours(74)).toString())
                .put("end", fixture.now.get().minus(Duration.ofHours(73)).toString());
        unlink(key, imsi);
        goneSince(key, Duration.ofMinutes(30));
        assertThat(single(endedBefore(record("before", imsi, MB), Duration.ofMinutes(31))))
                .containsEntry("result", "counted");
        assertThat(single(endedBefore(record("after", imsi, MB), Duration.ofMinutes(30))))
                .containsEntry("result", "quarantined")
                .containsEntry("reason", "unknown_subscriber");
        assertThat(single(late)).containsEntry("result", "quarantined").containsEntry("reason", "too_late");
        assertThat(used(key)).isEqualTo(MB);
        assertThat(release("after", imsi)).isInstanceOf(QuarantineOutcome.SubscriberUnknown.class);
        assertThat(release("late", imsi)).isInstanceOf(QuarantineOutcome.Resolved.class);
        assertThat(used(key)).isEqualTo(2 * MB);
    }

    @Test
    void recordsFromBeforeASimMovedCountOnTheAccountThatItHadThen() {
        String imsi = "20801" + String.format("%010d", imsis++);
        AccountKey first = subscriber(imsi);
        AccountKey second = subscriber(imsi);
        AccountKey third = subscriber(imsi);
        goneSince(first, Duration.ofMinutes(40));
        goneSince(second, Duration.ofMinutes(20));
        TestDatabase.execute(
                fixture.config,
                "UPDATE account_link SET linked_at = '" + fixture.now.get().minus(Duration.ofMinutes(20))
                        + "' WHERE account_id = " + third.accountId());
        for (int minutes : List.of(50, 30, 20, 10)) {
            assertThat(single(endedBefore(record("m" + minutes, imsi, MB), Duration.ofMinutes(minutes))))
                    .containsEntry("result", "counted");
        }
        assertThat(List.of(used(first), used(second), used(third))).containsExactly(MB, MB, 2 * MB);
    }

    @Test
    void quarantinedRecordsAreKeptForEachSubscriberAndDayAndOnceWhenTheyComeAgain() {
        String first = "20801" + String.format("%010d", imsis++);
        String second = "20801" + String.format("%010d", imsis++);
        List<JsonObject> records = List.of(
                endedBefore(record("1", first, MB), Duration.ofMinutes(10)),
                endedBefore(record("1", first, 2 * MB), Duration.ofDays(1)),
                endedBefore(record("1", second, 3 * MB), Duration.ofMinutes(10)));
        for (int i = 0; i < 2; i++) {
            records.forEach(each -> assertThat(single(each)).containsEntry("result", "quarantined"));
            assertThat(keptOf(first)).isEqualTo(2);
            assertThat(keptOf(second)).isEqualTo(1);
        }
        AccountKey key = subscriber(first);
        for (String day : List.of("2026-11-22", "2026-11-23")) {
            long id = fixture.number(
                    "SELECT id FROM quarantine WHERE id_hash = ? AND left(record ->> 'end', 10) = ?",
                    index.network(IdentifierKind.IMSI, first),
                    day);
            Quarantine quarantine = new Quarantine(fixture.database, fixture.accounts, new AuditLog(), fixture.clock);
            assertThat(await(quarantine.release(0, id, AccountFixture.ADMIN, "linked late")))
                    .isInstanceOf(QuarantineOutcome.Resolved.class);
        }
        assertThat(used(key)).as("each of its day").isEqualTo(3 * MB);
    }

    private static long keptOf(String imsi) {
        return fixture.number(
                "SELECT count(*) FROM quarantine WHERE id_hash = ?", index.network(IdentifierKind.IMSI, imsi));
    }

    private static JsonObject endedBefore(JsonObject record, Duration ago) {
        String end = fixture.now.get().minus(ago).toString();
        return record.put("start", end).put("end", end);
    }

    private static void unlink(AccountKey key, String imsi) {
        await(fixture.database.inWorker(connection -> new AccountLinkStore()
                .unlink(
                        connection,
                        key,
                        index.network(IdentifierKind.IMSI, imsi),
                        index.network(IdentifierKind.ICCID, iccid(imsi)))));
    }

    /** The database goes by its own clock. */
    private static void goneSince(AccountKey key, Duration ago) {
        TestDatabase.execute(
                fixture.config,
                "UPDATE account_link_past SET until_at = '" + fixture.now.get().minus(ago) + "' WHERE account_id = "
                        + key.accountId());
    }

    private static QuarantineOutcome release(String key, String imsi) {
        Quarantine quarantine = new Quarantine(fixture.database, fixture.accounts, new AuditLog(), fixture.clock);
        long id = fixture.number(
                "SELECT id FROM quarantine WHERE key = ? AND id_hash = ?",
                key,
                index.network(IdentifierKind.IMSI, imsi));
        return await(quarantine.release(0, id, AccountFixture.ADMIN, "came late"));
    }

    @Test
    void partnersWhoseLongNamesBeginAlikeAreFeedsOfTheirOwn() {
        String imsi = "20801" + String.format("%010d", imsis++);
        AccountKey key = subscriber(imsi);
        String record = record("same", imsi, MB).encode();
        String name = "Roaming Hub of the Northern Region, Gateway ";
        for (String partner : List.of(name + 1, name + 2)) {
            HttpResponse<Buffer> answer = await(client.post(server.actualPort(), "127.0.0.1", USAGE)
                    .putHeader("Content-Type", "application/json")
                    .putHeader(PARTNER, partner)
                    .sendBuffer(Buffer.buffer(record)));
            assertThat(answer.bodyAsJsonObject().getInteger("counted"))
                    .as(partner)
                    .isEqualTo(1);
        }
        assertThat(used(key)).isEqualTo(2 * MB);
    }

    @Test
    void emptyBodyIsAProblemAndNotAFault() {
        HttpResponse<Buffer> response = post(USAGE, "application/x-ndjson", "\n\n");
        assertThat(response.statusCode()).isEqualTo(400);
    }

    private static String subscriber() {
        String imsi = "20801" + String.format("%010d", imsis++);
        subscriber(imsi);
        return imsi;
    }

    private static String iccid(String imsi) {
        return "8933010000" + imsi.substring(5);
    }

    private static AccountKey subscriber(String imsi) {
        AccountKey key = fixture.open(AccountFixture.france());
        String iccid = iccid(imsi);
        await(fixture.database.inTenant(
                1,
                connection -> new AccountLinkStore()
                        .link(
                                connection,
                                key,
                                index.network(IdentifierKind.IMSI, imsi),
                                index.network(IdentifierKind.ICCID, iccid))));
        return key;
    }

    private static JsonObject record(String id, String imsi, long bytes) {
        return new JsonObject()
                .put("id", id)
                .put("imsi", imsi)
                .put("start", fixture.now.get().minusSeconds(60).toString())
                .put("end", fixture.now.get().toString())
                .put("up", bytes / 10)
                .put("down", bytes - bytes / 10)
                .put("plmn", "208-01")
                .put("category", "web");
    }

    private static java.util.Map<String, Object> single(JsonObject record) {
        return send(USAGE, "application/json", record.encode())
                .getJsonArray("results")
                .getJsonObject(0)
                .getMap();
    }

    private static String sendLocation(String imsi, String tac) {
        JsonArray results = send(
                        LOCATIONS,
                        "application/json",
                        new JsonObject()
                                .put("imsi", imsi)
                                .put("plmn", "208-01")
                                .put("tac", tac)
                                .put("at", fixture.now.get().toString())
                                .encode())
                .getJsonArray("results");
        return results.getJsonObject(0).getString("result");
    }

    private static JsonObject send(String path, String type, String body) {
        HttpResponse<Buffer> response = post(path, type, body);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        promises.check(HttpMethod.POST, path, response);
        return response.bodyAsJsonObject();
    }

    private static HttpResponse<Buffer> post(String path, String type, String body) {
        return await(client.post(server.actualPort(), "127.0.0.1", path)
                .putHeader("Content-Type", type)
                .sendBuffer(Buffer.buffer(body)));
    }
}

package dev.octroi.charging;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.ChargingTerms;
import dev.octroi.api.operator.ChargingApi;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.TickJob;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.ClearText;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Charging as an SMF sees it: TLS with client certificates, HTTP/2, a real database, two gateways. */
class ConvergedChargingTest {
    private static ChargingServer server;
    private static QuotaFixture fixture;
    private static Smf smf;
    private static int port;
    private static int otherPort;
    private static long chargingIds;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        server = new ChargingServer(folder);
        fixture = server.fixture;
        port = server.gateway();
        otherPort = server.gateway();
        smf = new Smf(server.consumer("smf-1"), fixture);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static PlanTerms stopping(long bytes) {
        return AccountFixture.terms(bytes, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER));
    }

    @Test
    void aSessionIsGrantedCountedAndReleased() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.location()).startsWith("https://127.0.0.1:" + port + Smf.BASE + "/");
        assertThat(created.granted(0)).isEqualTo(50 * MB);
        assertThat(created.group(0).getLong("volumeQuotaThreshold")).isEqualTo(10 * MB);
        assertThat(created.body().getLong("invocationSequenceNumber")).isEqualTo(1);
        assertThat(promised(someone)).isEqualTo(50 * MB);

        JsonObject report = smf.used(10, 1, 5 * MB, 40 * MB).put("requestedUnit", new JsonObject());
        Smf.Got updated = smf.update(port, created.ref(), smf.update(2, report));
        assertThat(updated.status()).isEqualTo(200);
        assertThat(used(someone)).isEqualTo(45 * MB);
        assertThat(promised(someone)).isEqualTo(50 * MB);

        Smf.Got released = smf.release(port, created.ref(), smf.update(3, smf.used(10, 2, MB, 2 * MB)));
        assertThat(released.status()).isEqualTo(204);
        assertThat(used(someone)).isEqualTo(48 * MB);
        assertThat(promised(someone)).isZero();
        assertThat(fixture.number(
                        "SELECT sum(delta_bytes) FROM ledger WHERE account_id = ?",
                        someone.key().accountId()))
                .isEqualTo(48 * MB);
    }

    @Test
    void aMessageThatComesAgainGetsTheSameAnswerOnAnyGatewayAndCountsOnce() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        JsonObject creation = smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10));
        Smf.Got created = smf.create(port, creation);
        Smf.Got again = smf.create(otherPort, creation.copy().put("retransmissionIndicator", true));
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.ref()).isEqualTo(created.ref());
        assertThat(again.body()).isEqualTo(created.body());
        assertThat(promised(someone)).isEqualTo(50 * MB);

        JsonObject update = smf.update(2, smf.used(10, 1, MB, 9 * MB).put("requestedUnit", new JsonObject()));
        Smf.Got first = smf.update(otherPort, created.ref(), update);
        smf.update(port, created.ref(), smf.update(3, smf.used(10, 2, 0, MB)));
        assertThat(smf.update(port, created.ref(), update).body()).isEqualTo(first.body());
        assertThat(used(someone)).isEqualTo(11 * MB);

        JsonObject release = smf.update(4, smf.used(10, 3, 0, MB));
        assertThat(smf.release(port, created.ref(), release).status()).isEqualTo(204);
        assertThat(smf.release(otherPort, created.ref(), release).status()).isEqualTo(204);
        assertThat(used(someone)).isEqualTo(12 * MB);
        assertThat(fixture.number(
                        "SELECT count(*) FROM charging_session WHERE account_id = ?",
                        someone.key().accountId()))
                .isEqualTo(1);
    }

    @Test
    void aNumberThatComesAgainWithAnotherReportIsRefusedAndSeen() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        String ref = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)))
                .ref();
        JsonObject first = smf.update(0, smf.used(10, 0, 0, MB).put("requestedUnit", new JsonObject()));
        assertThat(smf.update(port, ref, first).status()).isEqualTo(200);
        fixture.now.updateAndGet(now -> now.plusSeconds(1));
        JsonObject repeated = first.copy()
                .put("retransmissionIndicator", true)
                .put("invocationTimeStamp", fixture.now.get().toString());
        assertThat(smf.update(port, ref, repeated).status()).as("it came again").isEqualTo(200);
        double before = reused();
        JsonObject second = smf.update(0, smf.used(10, 0, 0, 2 * MB).put("requestedUnit", new JsonObject()));
        for (int gateway : List.of(port, otherPort)) {
            Smf.Got got = smf.update(gateway, ref, second);
            assertThat(got.status()).isEqualTo(400);
            assertThat(got.body().getString("cause")).isEqualTo("MANDATORY_IE_INCORRECT");
            assertThat(got.body().getJsonArray("invalidParams").getJsonObject(0).getString("param"))
                    .isEqualTo("/invocationSequenceNumber");
        }
        assertThat(reused()).isEqualTo(before + 2);
        assertThat(used(someone)).isEqualTo(MB);
    }

    private static double reused() {
        return server.meters
                .counter("octroi.charging.messages", "operation", "update", "result", "number_reused")
                .count();
    }

    @Test
    void aCreationOfAnotherChargingIdOpensAnotherSessionOfTheSamePduSession() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got first = smf.create(port, named(someone, "A"));
        smf.update(port, first.ref(), smf.update(2, smf.used(10, 1, 0, MB)));
        smf.release(port, first.ref(), smf.update(3, smf.used(10, 2, 0, MB)));
        fixture.now.updateAndGet(now -> now.plusSeconds(120));
        Smf.Got second = smf.create(otherPort, named(someone, "B"));
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.ref()).isNotEqualTo(first.ref());
        smf.update(port, second.ref(), smf.update(2, smf.used(10, 1, 0, MB)));
        smf.release(port, second.ref(), smf.update(3, smf.used(10, 2, 0, MB)));
        assertThat(used(someone)).isEqualTo(4 * MB);
    }

    @Test
    void anSmfThatCountsItsChargingIdsAnewWithinTheHourOpensAnotherSession() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        long chargingId = ++chargingIds;
        Smf.Got lost = smf.create(port, smf.creation(someone.imsi(), chargingId, Smf.asking(10)));
        smf.update(port, lost.ref(), smf.update(2, smf.used(10, 1, 0, MB)));
        fixture.now.updateAndGet(now -> now.plusSeconds(120));
        Smf.Got after = smf.create(port, smf.creation(someone.imsi(), chargingId, Smf.asking(10)));
        assertThat(after.ref()).isNotEqualTo(lost.ref());
        smf.update(port, after.ref(), smf.update(2, smf.used(10, 1, 0, MB)));
        assertThat(used(someone)).isEqualTo(2 * MB);
    }

    /** A session of the second whose number was given before: it would be lost if it were taken for the one before. */
    @Test
    void aCreationAfterItsReleaseOpensASessionWhoseBytesCount() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        JsonObject creation = smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10));
        Smf.Got first = smf.create(port, creation);
        smf.release(port, first.ref(), smf.update(2, smf.used(10, 1, 0, MB)));
        Smf.Got second = smf.create(port, creation);
        assertThat(second.ref()).isNotEqualTo(first.ref());
        smf.update(port, second.ref(), smf.update(2, smf.used(10, 1, 0, MB)));
        assertThat(used(someone)).isEqualTo(2 * MB);
    }

    private static JsonObject named(ChargingServer.Subscriber someone, String smfChargingId) {
        JsonObject creation = smf.creation(someone.imsi(), 0, Smf.asking(10));
        JsonObject session = creation.getJsonObject("pDUSessionChargingInformation");
        session.remove("chargingId");
        session.put("sMFchargingId", smfChargingId);
        return creation;
    }

    @Test
    void aReportThatArrivesAfterTheReleaseCountsOnceAndGrantsNothing() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        JsonObject late = smf.update(2, smf.used(10, 7, 0, MB).put("requestedUnit", new JsonObject()));
        JsonObject release = smf.update(3, smf.used(10, 8, 0, 2 * MB));
        assertThat(smf.release(port, created.ref(), release).status()).isEqualTo(204);
        Smf.Got got = smf.update(otherPort, created.ref(), late);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        assertThat(used(someone)).isEqualTo(3 * MB);
        assertThat(promised(someone)).isZero();
        assertThat(smf.update(port, created.ref(), late).body()).isEqualTo(got.body());
        assertThat(smf.release(otherPort, created.ref(), release).status()).isEqualTo(204);
        assertThat(smf.update(port, created.ref(), smf.update(4, smf.used(10, 7, 0, MB)))
                        .status())
                .isEqualTo(200);
        assertThat(smf.release(port, created.ref(), smf.update(5, smf.used(10, 8, 0, 2 * MB), smf.used(11, 9, 0, MB)))
                        .status())
                .isEqualTo(204);
        assertThat(used(someone)).isEqualTo(4 * MB);
        assertThat(smf.update(port, created.ref(), smf.update(6, Smf.asking(10)))
                        .status())
                .as("it is over")
                .isEqualTo(404);
    }

    @Test
    void aContainerThatComesAgainInAnotherMessageCountsOnce() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        smf.update(port, created.ref(), smf.update(2, smf.used(10, 7, 0, 3 * MB)));
        smf.update(port, created.ref(), smf.update(3, smf.used(10, 7, 0, 3 * MB)));
        assertThat(used(someone)).isEqualTo(3 * MB);
    }

    @Test
    void aContainerWhoseTimeIsBelievedNoMoreWhenItComesAgainCountsOnce() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        Instant closed = fixture.now.get().minus(Duration.ofHours(72)).plusSeconds(1);
        smf.update(port, created.ref(), smf.update(2, closedAt(closed, smf.used(10, 7, 0, 3 * MB))));
        assertThat(used(someone)).isEqualTo(3 * MB);
        fixture.now.updateAndGet(now -> now.plusSeconds(2));
        smf.update(port, created.ref(), smf.update(3, closedAt(closed, smf.used(10, 7, 0, 3 * MB))));
        assertThat(used(someone)).isEqualTo(3 * MB);
    }

    @ParameterizedTest
    @CsvSource({"-P10D", "PT2H"})
    void aContainerWhoseTimeIsNotBelievedAndThatComesAgainAfterMidnightCountsOnce(Duration off) {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        Instant before = fixture.now.get();
        Instant midnight = before.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        Instant closed = midnight.plus(off);
        try {
            fixture.now.set(midnight.minusSeconds(2));
            smf.update(port, created.ref(), smf.update(2, closedAt(closed, smf.used(10, 7, 0, 3 * MB))));
            assertThat(used(someone)).isEqualTo(3 * MB);
            fixture.now.set(midnight.plusSeconds(5));
            smf.update(port, created.ref(), smf.update(3, closedAt(closed, smf.used(10, 7, 0, 3 * MB))));
            assertThat(used(someone)).isEqualTo(3 * MB);
        } finally {
            fixture.now.set(before);
        }
    }

    private static JsonObject closedAt(Instant at, JsonObject usage) {
        usage.getJsonArray("usedUnitContainer").getJsonObject(0).put("triggerTimestamp", at.toString());
        return usage;
    }

    @Test
    void slicesShrinkAndTogetherNeverPromiseMoreThanThereIs() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(20 * MB));
        List<Smf.Got> sessions = new ArrayList<>();
        long promised = 0;
        for (int i = 0; i < 14; i++) {
            Smf.Got got = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10), Smf.asking(20)));
            sessions.add(got);
            promised += got.granted(0) + got.granted(1);
        }
        assertThat(sessions.getFirst().granted(0)).isEqualTo(5 * MB);
        assertThat(sessions.getFirst().granted(1)).isEqualTo(15 * MB / 4);
        assertThat(promised).isEqualTo(20 * MB).isEqualTo(promised(someone));
        assertThat(sessions.getLast().group(0).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        assertThat(sessions.getLast().status()).isEqualTo(201);
    }

    @Test
    void theLastSliceIsFinalAndAfterItTheQuotaIsReached() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(created.granted(0)).isEqualTo(MB);
        assertThat(created.group(0).getJsonObject("finalUnitIndication").getString("finalUnitAction"))
                .isEqualTo("TERMINATE");
        Smf.Got after = smf.update(
                port, created.ref(), smf.update(2, smf.used(10, 1, 0, MB).put("requestedUnit", new JsonObject())));
        assertThat(after.group(0).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        assertThat(after.group(0).containsKey("grantedUnit")).isFalse();
    }

    @Test
    void aPlanThatOnlySlowsDownEndsForNobody() {
        ChargingServer.Subscriber someone = server.subscriber(AccountFixture.terms(
                MB,
                new AfterQuota.Throttle(dev.octroi.policy.Speed.both(384)),
                Validity.days(7, Validity.StartMode.ON_ORDER)));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(created.group(0).containsKey("finalUnitIndication")).isFalse();
        Smf.Got after = smf.update(
                port, created.ref(), smf.update(2, smf.used(10, 1, 0, 2 * MB).put("requestedUnit", new JsonObject())));
        assertThat(after.granted(0)).isEqualTo(MB);
        assertThat(promised(someone)).isZero();
        assertThat(fixture.number(
                        "SELECT beyond_bytes FROM account_hot WHERE account_id = ?",
                        someone.key().accountId()))
                .isEqualTo(MB);
    }

    @Test
    void aSuspendedAccountIsDenied() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        fixture.accepted(
                someone.key(),
                new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "lost", AccountFixture.ADMIN));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(created.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
    }

    @Test
    void aSessionThatFallsSilentGivesItsPromiseBackAndIsStillCounted() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        long due = fixture.number(
                "SELECT extract(epoch FROM due_at)::bigint FROM account_timer WHERE account_id = ?",
                someone.key().accountId());
        assertThat(due)
                .isLessThanOrEqualTo(
                        fixture.now.get().plus(Duration.ofMinutes(25)).getEpochSecond());
        var before = fixture.now.getAndUpdate(now -> now.plus(Duration.ofMinutes(26)));
        try {
            fixture.accepted(someone.key(), new AccountCommand.Tick(AccountFixture.ADMIN));
            assertThat(promised(someone)).isZero();
            assertThat(smf.update(port, created.ref(), smf.update(2, smf.used(10, 1, 0, MB)))
                            .status())
                    .isEqualTo(200);
            assertThat(used(someone)).isEqualTo(MB);
        } finally {
            fixture.now.set(before);
        }
    }

    @Test
    void aSessionThatFoundNothingIsKnownDaysAfter() {
        ChargingServer.Subscriber someone = server.subscriber(lasting(MB));
        smf.create(port, smf.creation(someone.imsi(), ++chargingIds, smf.used(1, 1, 0, MB)));
        Smf.Got blocked = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(blocked.group(0).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        later(Duration.ofDays(4), () -> {
            fixture.accepted(someone.key(), new AccountCommand.TopUp(MB, "monday", "more", AccountFixture.ADMIN));
            assertThat(notices(someone)).contains("waiter again");
            assertThat(smf.update(port, blocked.ref(), smf.update(2, smf.used(10, 1, 0, 3)))
                            .status())
                    .isEqualTo(200);
            assertThat(used(someone)).isEqualTo(MB + 3);
        });
    }

    @Test
    void aSessionThatWasSilentForAMonthIsToldToEndAndItsLastReportCounts() {
        ChargingServer.Subscriber someone = server.subscriber(lasting(400 * MB));
        Smf.Got silent = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        later(Duration.ofDays(31), () -> {
            fixture.accepted(someone.key(), new AccountCommand.Tick(AccountFixture.ADMIN));
            fixture.accepted(someone.key(), new AccountCommand.Tick(AccountFixture.ADMIN));
            assertThat(notices(someone)).containsExactly("waiter abort");
            assertThat(smf.release(port, silent.ref(), smf.update(2, smf.used(10, 1, 0, MB)))
                            .status())
                    .isEqualTo(204);
            assertThat(used(someone)).isEqualTo(MB);
        });
    }

    @Test
    void aSessionTooManyEndsTheOneThatIsSilentForLongestWhichStillReports() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        List<Smf.Got> sessions = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            fixture.now.updateAndGet(now -> now.plusSeconds(1));
            sessions.add(smf.create(port, smf.creation(someone.imsi(), ++chargingIds)));
        }
        smf.release(port, sessions.get(7).ref(), smf.update(2));
        assertThat(smf.create(port, smf.creation(someone.imsi(), ++chargingIds)).status())
                .isEqualTo(201);
        assertThat(notices(someone)).as("one that is over gives way first").isEmpty();
        assertThat(smf.create(port, smf.creation(someone.imsi(), ++chargingIds)).status())
                .isEqualTo(201);
        assertThat(notices(someone)).containsExactly("waiter abort");
        Smf.Got oldest = sessions.getFirst();
        assertThat(smf.release(port, oldest.ref(), smf.update(2, smf.used(10, 1, 0, MB)))
                        .status())
                .isEqualTo(204);
        assertThat(used(someone)).isEqualTo(MB);
    }

    private static PlanTerms lasting(long bytes) {
        return AccountFixture.terms(bytes, new AfterQuota.Stop(), Validity.days(90, Validity.StartMode.ON_ORDER));
    }

    /** Lets time pass for what is done meanwhile. */
    private static void later(Duration passing, Runnable work) {
        var before = fixture.now.getAndUpdate(now -> now.plus(passing));
        try {
            work.run();
        } finally {
            fixture.now.set(before);
        }
    }

    @Test
    void whereAZoneIsSmallerThanANetworkEachMoveIsReported() {
        for (String area : List.of("208-01-007501", "208-01-007501-000000001", "208-01")) {
            ZoneCap cap = new ZoneCap("centre", "Centre", Set.of("262-02", area), Speed.both(384));
            ZoneTariff tariff = new ZoneTariff("centre", "Centre", Set.of("262-02", area), 5 * MB, null);
            for (PlanTerms terms :
                    List.of(capped(List.of(cap)), capped(List.of()).with(List.of(tariff)))) {
                ChargingServer.Subscriber someone = server.subscriber(terms);
                JsonObject creation = smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10));
                Smf.Got created = smf.create(port, creation);
                boolean isArmed =
                        created.body().getJsonArray("triggers").encode().contains("USER_LOCATION_CHANGE");
                assertThat(isArmed).as(area).isEqualTo(!area.equals("208-01"));
                assertThat(smf.create(otherPort, creation).body()).isEqualTo(created.body());
            }
        }
    }

    private static PlanTerms capped(List<ZoneCap> caps) {
        return new PlanTerms(
                PlanTerms.SCHEMA,
                "France",
                400 * MB,
                Validity.days(7, Validity.StartMode.ON_ORDER),
                new AfterQuota.Stop(),
                80,
                caps,
                DrainPolicy.NOTIFY,
                DayZone.TRAVELLER);
    }

    @Test
    void bytesBeforeAMoveBelongToTheNetworkBefore() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(created.body().getJsonArray("triggers").encode()).contains("PLMN_CHANGE");
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        JsonObject moved = smf.update(2, smf.used(10, 1, 0, 3 * MB).put("requestedUnit", new JsonObject()))
                .put("pDUSessionChargingInformation", Smf.place("262", "02", "00AB01"));
        smf.update(port, created.ref(), moved);
        smf.update(port, created.ref(), smf.update(3, smf.used(10, 2, 0, 5 * MB)));
        assertThat(zoneBytes(someone, "208-01")).isEqualTo(3 * MB);
        assertThat(zoneBytes(someone, "262-02")).isEqualTo(5 * MB);
        assertThat(fixture.number(
                        "SELECT count(*) FROM account WHERE id = ? AND country = 'DE'",
                        someone.key().accountId()))
                .isEqualTo(1);
    }

    @Test
    void sessionsOfOneAccountOnTwoGatewaysAtOnceCountEachByteOnceAndNeverOverpromise() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(stopping(60 * MB));
        List<String> refs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            refs.add(smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)))
                    .ref());
        }
        List<Callable<Void>> work = new ArrayList<>();
        for (String ref : refs) {
            for (int gateway : new int[] {port, otherPort}) {
                work.add(() -> {
                    for (int i = 1; i <= 5; i++) {
                        Smf.Got got = smf.update(
                                gateway,
                                ref,
                                smf.update(i + 1, smf.used(10, i, 0, MB).put("requestedUnit", new JsonObject())));
                        assertThat(got.status()).isEqualTo(200);
                        assertThat(fixture.number("""
                                SELECT count(*) FROM account a
                                WHERE a.id = ? AND (SELECT sum(quota_bytes) FROM bucket WHERE account_id = a.id)
                                      - (SELECT sum(t) FROM account_hot h, unnest(h.taken) AS t WHERE h.account_id = a.id)
                                    < (SELECT sum(promised_bytes) FROM charging_session WHERE account_id = a.id)
                                """, someone.key().accountId()))
                                .isZero();
                    }
                    return null;
                });
            }
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(used(someone)).isEqualTo(20 * MB);
    }

    @Test
    void aTopUpASuspensionAndAReleaseAreToldToTheSessionsThatTheyConcern() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(2 * MB));
        Smf.Got holder = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10), Smf.asking(11)));
        Smf.Got waiter = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(waiter.group(0).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        assertThat(notices(someone)).isEmpty();
        smf.release(port, holder.ref(), smf.update(2));
        assertThat(notices(someone)).containsExactly("waiter again");
        fixture.accepted(someone.key(), new AccountCommand.TopUp(MB, "t-1", "more", AccountFixture.ADMIN));
        assertThat(notices(someone)).containsExactly("waiter again", "waiter again");
        fixture.accepted(
                someone.key(),
                new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "lost", AccountFixture.ADMIN));
        assertThat(notices(someone)).containsExactly("waiter again", "waiter again", "waiter abort");
    }

    @Test
    void aSessionThatFoundNothingWaitsUntilItsGroupIsGrantedWhateverItReportsMeanwhile() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(2 * MB));
        Smf.Got holder = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10), Smf.asking(11)));
        Smf.Got waiter = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(waiter.group(0).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        for (int i = 2; i < 14; i++) {
            assertThat(smf.update(port, waiter.ref(), smf.update(i)).status()).isEqualTo(200);
        }
        smf.release(port, holder.ref(), smf.update(2));
        assertThat(notices(someone)).containsExactly("waiter again");
        assertThat(waiting(someone)).isZero();
    }

    @Test
    void aSessionThatWasGrantedWhatItWaitedForIsNotToldAnyMore() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(2 * MB));
        Smf.Got holder = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        Smf.Got second = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10), Smf.asking(11)));
        assertThat(second.group(1).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        assertThat(waiting(someone)).isEqualTo(1);
        JsonObject returned = smf.used(10, 1, 0, 0).put("requestedUnit", new JsonObject());
        smf.update(port, second.ref(), smf.update(2, returned));
        assertThat(waiting(someone)).as("another group was granted").isEqualTo(1);
        smf.update(port, second.ref(), smf.update(3, given(10, 2), Smf.asking(11)));
        assertThat(waiting(someone)).isZero();
        List<String> before = notices(someone);
        smf.release(port, holder.ref(), smf.update(2));
        assertThat(notices(someone)).isEqualTo(before);
    }

    @Test
    void aSessionThatGivesBackWhatAnotherOfItsGroupsWaitsForIsTold() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(MB));
        Smf.Got both = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10), Smf.asking(11)));
        assertThat(both.group(1).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        smf.update(port, both.ref(), smf.update(2, given(10, 1)));
        assertThat(notices(someone)).containsExactly("waiter again");
        assertThat(waiting(someone)).isZero();
    }

    /** A rating group that gives back what it was granted. */
    private static JsonObject given(long group, long local) {
        JsonObject usage = smf.used(group, local, 0, 0);
        JsonObject trigger = new JsonObject().put("triggerType", "FINAL").put("triggerCategory", "IMMEDIATE_REPORT");
        usage.getJsonArray("usedUnitContainer").getJsonObject(0).put("triggers", new JsonArray().add(trigger));
        return usage;
    }

    @Test
    void aGroupThatFoundNothingIsKnownHoweverMuchOthersReport() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10), Smf.asking(20)));
        assertThat(created.group(1).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        for (int i = 2; i < 22; i++) {
            smf.update(port, created.ref(), smf.update(i, smf.used(10, i, 0, 1)));
        }
        assertThat(known(someone, 20)).isTrue();
        smf.update(port, created.ref(), smf.update(22, given(10, 22), Smf.asking(20)));
        smf.update(port, created.ref(), smf.update(23, given(20, 23), Smf.asking(10)));
        for (int i = 24; i < 34; i++) {
            smf.update(port, created.ref(), smf.update(i, smf.used(10, i, 0, 1)));
        }
        assertThat(known(someone, 20)).as("granted since, as the other").isFalse();
    }

    /** Whether the answers that are kept tell that a rating group found nothing. */
    private static boolean known(ChargingServer.Subscriber someone, long group) {
        return fixture.number(
                        "SELECT count(*) FROM charging_session WHERE account_id = ? AND memory LIKE ?",
                        someone.key().accountId(),
                        "%\u001f" + group + "\u001fQ%")
                == 1;
    }

    private static long waiting(ChargingServer.Subscriber someone) {
        return fixture.number(
                "SELECT count(*) FROM charging_session WHERE account_id = ? AND waiting",
                someone.key().accountId());
    }

    @Test
    void sessionOfALostSimCountsWhatWasUsedIsGrantedNothingAndIsToldToEnd() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got lost = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        await(fixture.database.inWorker(
                connection -> new AccountStore().barSessions(connection, someone.key(), fixture.now.get())));
        await(new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true).tick());
        assertThat(notices(someone)).containsExactly("waiter abort");
        assertThat(promised(someone)).as("given back").isZero();

        JsonObject report = smf.used(10, 1, 0, 5 * MB).put("requestedUnit", new JsonObject());
        Smf.Got denied = smf.update(otherPort, lost.ref(), smf.update(2, report));
        assertThat(denied.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        assertThat(used(someone)).as("real use of what was promised").isEqualTo(5 * MB);
        fixture.accepted(someone.key(), new AccountCommand.TopUp(MB, "t-lost", "more", AccountFixture.ADMIN));
        assertThat(notices(someone)).as("it is not asked to go on").containsExactly("waiter abort");

        Smf.Got next = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        assertThat(next.granted(0)).as("sessions of the next SIM").isEqualTo(50 * MB);
        assertThat(smf.release(port, lost.ref(), smf.update(3, smf.used(10, 2, 0, MB)))
                        .status())
                .isEqualTo(204);
        assertThat(used(someone)).isEqualTo(6 * MB);
        assertThat(promised(someone)).isEqualTo(50 * MB);
    }

    @Test
    void whatALostSimAsksForBeforeAnybodyElseTouchesTheAccountIsDeniedToo() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got lost = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        await(fixture.database.inWorker(
                connection -> new AccountStore().barSessions(connection, someone.key(), fixture.now.get())));
        Smf.Got denied = smf.update(port, lost.ref(), smf.update(2, Smf.asking(10)));
        assertThat(denied.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        assertThat(notices(someone)).containsExactly("waiter abort");
    }

    @Test
    void whatALostSimOpensWhileItIsReplacedIsCutOff() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        JsonObject creation = smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10));
        try (Connection replacement = TestDatabase.connect(fixture.config);
                Statement statement = replacement.createStatement()) {
            replacement.setAutoCommit(false);
            statement.execute("UPDATE account_hot SET version = version + 1 WHERE account_id = "
                    + someone.key().accountId());
            CompletableFuture<Smf.Got> created = CompletableFuture.supplyAsync(() -> smf.create(port, creation));
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> fixture.number("SELECT count(*) FROM pg_stat_activity"
                                    + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                            >= 1);
            statement.execute("DELETE FROM account_link WHERE account_id = "
                    + someone.key().accountId());
            replacement.commit();
            assertThat(cause(created.get(20, TimeUnit.SECONDS))).isEqualTo("404 USER_UNKNOWN");
        }
        assertThat(fixture.number(
                        "SELECT count(*) FROM charging_session WHERE account_id = ? AND bar = 'none'",
                        someone.key().accountId()))
                .isZero();
        await(new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true).tick());
        assertThat(promised(someone)).as("given back").isZero();
        assertThat(notices(someone)).containsExactly("waiter abort");
    }

    private static List<String> notices(ChargingServer.Subscriber someone) {
        long abort = fixture.number("""
                SELECT count(*) FROM outbox WHERE stream = 'charging' AND (payload->>'account')::bigint = ?
                  AND (payload->>'abort')::boolean
                """, someone.key().accountId());
        long again = fixture.number("""
                SELECT count(*) FROM outbox WHERE stream = 'charging' AND (payload->>'account')::bigint = ?
                  AND NOT (payload->>'abort')::boolean
                """, someone.key().accountId());
        List<String> all = new ArrayList<>();
        for (int i = 0; i < again; i++) {
            all.add("waiter again");
        }
        for (int i = 0; i < abort; i++) {
            all.add("waiter abort");
        }
        return all;
    }

    @Test
    void anUnknownSubscriberIsTold() {
        assertThat(cause(smf.create(port, smf.creation("208019999999999", 1, Smf.asking(1)))))
                .isEqualTo("404 USER_UNKNOWN");
        JsonObject nobody = smf.creation("208019999999999", 1, Smf.asking(1));
        nobody.remove("subscriberIdentifier");
        assertThat(cause(smf.create(port, nobody))).isEqualTo("404 USER_UNKNOWN");
    }

    @Test
    void aSessionThatIsNotThereOrAnothersIsNotFound() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        String ref = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)))
                .ref();
        Smf stranger = new Smf(server.consumer("smf-2"), fixture);
        assertThat(cause(stranger.update(port, ref, smf.update(2, Smf.asking(10)))))
                .isEqualTo("404 CONTEXT_NOT_FOUND");
        assertThat(cause(stranger.release(port, ref, smf.update(2)))).isEqualTo("404 CONTEXT_NOT_FOUND");
        for (String wrong : List.of("x", ref.substring(1) + "A", "A".repeat(27), "%20", "~".repeat(27))) {
            assertThat(cause(smf.send(
                            port,
                            Smf.BASE + "/" + wrong + "/update",
                            smf.update(2).encode())))
                    .as(wrong)
                    .isEqualTo("404 CONTEXT_NOT_FOUND");
        }
        smf.release(port, ref, smf.update(2));
        assertThat(cause(smf.update(port, ref, smf.update(3, Smf.asking(10))))).isEqualTo("404 CONTEXT_NOT_FOUND");
        assertThat(promised(someone)).isZero();
    }

    @Test
    void aPartnerMaySpeakOnlyForItsSubscribersAndOnlyWhenAllowed() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf elsewhere = new Smf(
                server.consumer("smf-de", ChargingProfile.STRICT, List.of("26202"), Set.of(ChargingApi.OPERATION)),
                fixture);
        assertThat(cause(elsewhere.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(1)))))
                .isEqualTo("404 USER_UNKNOWN");
        Smf feed = new Smf(server.consumer("feed", ChargingProfile.STRICT, List.of(), Set.of("usage:report")), fixture);
        assertThat(feed.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(1)))
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | 400 INVALID_MSG_FORMAT",
                "[] | 400 INVALID_MSG_FORMAT",
                "{} | 400 MANDATORY_IE_MISSING",
                "{\"nfConsumerIdentification\":{\"nodeFunctionality\":\"SMF\"}} | 400 MANDATORY_IE_MISSING",
                "{\"nfConsumerIdentification\":7} | 400 MANDATORY_IE_INCORRECT",
                "@invocationSequenceNumber=-1 | 400 MANDATORY_IE_INCORRECT",
                "@invocationSequenceNumber=4294967296 | 400 MANDATORY_IE_INCORRECT",
                "@invocationTimeStamp=\"yesterday\" | 400 MANDATORY_IE_INCORRECT",
                "@notifyUri=\"http://10.0.0.1/\" | 400 OPTIONAL_IE_INCORRECT",
                "@notifyUri=\"ftp:x\" | 400 OPTIONAL_IE_INCORRECT",
                "@multipleUnitUsage={} | 400 OPTIONAL_IE_INCORRECT",
                "@multipleUnitUsage=[{}] | 400 MANDATORY_IE_MISSING",
                "@multipleUnitUsage=[{\"ratingGroup\":-1}] | 400 MANDATORY_IE_INCORRECT",
                "@multipleUnitUsage=[7] | 400 OPTIONAL_IE_INCORRECT",
                "@multipleUnitUsage=[{\"ratingGroup\":1,\"usedUnitContainer\":[{}]}] | 400 MANDATORY_IE_MISSING",
                "@multipleUnitUsage=[{\"ratingGroup\":1,\"usedUnitContainer\":[{\"localSequenceNumber\":1,\"totalVolume\":-5}]}] | 400 OPTIONAL_IE_INCORRECT",
                "@multipleUnitUsage=[{\"ratingGroup\":1,\"usedUnitContainer\":[{\"localSequenceNumber\":1,\"totalVolume\":18446744073709551615}]}] | 400 OPTIONAL_IE_INCORRECT",
                "@multipleUnitUsage=[{\"ratingGroup\":1,\"usedUnitContainer\":[{\"localSequenceNumber\":1,\"totalVolume\":1.5}]}] | 400 OPTIONAL_IE_INCORRECT",
            })
    void whateverIsWrongWithAMessageIsToldByItsCause(String body, String expected) {
        String text = body;
        if (body.startsWith("@")) {
            String[] parts = body.substring(1).split("=", 2);
            JsonObject good = smf.creation("208019999999999", 1, Smf.asking(1));
            good.put(parts[0], new JsonArray("[" + parts[1] + "]").getValue(0));
            text = good.encode();
        }
        Smf.Got got = smf.send(port, Smf.BASE, text);
        assertThat(cause(got)).isEqualTo(expected);
        if (!got.body().getString("cause").equals("INVALID_MSG_FORMAT")) {
            assertThat(got.body().getJsonArray("invalidParams").getJsonObject(0).getString("param"))
                    .startsWith("/");
        }
    }

    /** Each of these would be found out by the database only, and with it the messages of others in the same batch. */
    @Test
    void whatCannotBeKeptIsRefusedByItsPlace() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        String rat = "/pDUSessionChargingInformation/pduSessionInformation/ratType";
        for (String text : List.of("N\u0000", "", "N R", "x".repeat(41), "\u00c9")) {
            JsonObject creation = smf.creation(someone.imsi(), ++chargingIds, smf.used(10, 1, 0, MB));
            creation.getJsonObject("pDUSessionChargingInformation")
                    .getJsonObject("pduSessionInformation")
                    .put("ratType", text);
            assertThat(refusal(creation)).as("[%s]", text).isEqualTo("400 OPTIONAL_IE_INCORRECT " + rat);
        }
        JsonObject container = smf.used(10, 1, 0, MB);
        container
                .getJsonArray("usedUnitContainer")
                .getJsonObject(0)
                .put("pDUContainerInformation", new JsonObject().put("rATType", "N\u0000"));
        assertThat(refusal(smf.creation(someone.imsi(), ++chargingIds, container)))
                .isEqualTo(
                        "400 OPTIONAL_IE_INCORRECT /multipleUnitUsage/0/usedUnitContainer/0/pDUContainerInformation/rATType");
        for (String uri : List.of("https://" + "\u00e9".repeat(1_800), "https://smf/{a}", "https://smf/a\u0000")) {
            JsonObject creation = smf.creation(someone.imsi(), ++chargingIds).put("notifyUri", uri);
            assertThat(refusal(creation)).as(uri).isEqualTo("400 OPTIONAL_IE_INCORRECT /notifyUri");
        }
        assertThat(used(someone)).isZero();
    }

    @Test
    void theLongestAddressAndEachRadioAccessOfTheStandardAreKept() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        JsonObject creation = smf.creation(someone.imsi(), ++chargingIds, smf.used(10, 1, 0, MB))
                .put("notifyUri", "https://" + "a".repeat(2_000));
        creation.getJsonObject("pDUSessionChargingInformation")
                .getJsonObject("pduSessionInformation")
                .put("ratType", "LTE-M");
        assertThat(smf.create(port, creation).status()).isEqualTo(201);
        assertThat(used(someone)).isEqualTo(MB);
    }

    private static String refusal(JsonObject creation) {
        Smf.Got got = smf.send(port, Smf.BASE, creation.encode());
        JsonArray params = got.body().getJsonArray("invalidParams", new JsonArray().add(new JsonObject()));
        return cause(got) + " " + params.getJsonObject(0).getString("param");
    }

    @Test
    void manyRatingGroupsAndTooLargeBodiesAreRefused() {
        assertThat(cause(smf.create(port, smf.creation("208019999999999", 1, asking(0, 257)))))
                .isEqualTo("400 OPTIONAL_IE_INCORRECT");
        assertThat(smf.send(port, Smf.BASE, "{\"x\":\"" + "y".repeat(270_000) + "\"}")
                        .status())
                .isEqualTo(413);
    }

    @Test
    void allThatASessionWasGrantedIsReportedInOneMessage() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400_000 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, asking(0, 40)));
        assertThat(created.granted(39)).isPositive();
        assertThat(smf.update(port, created.ref(), smf.update(2, asking(40, 64)))
                        .granted(23))
                .isPositive();
        Smf.Got more = smf.update(port, created.ref(), smf.update(3, Smf.asking(64)));
        assertThat(more.group(0).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        JsonObject[] reports = new JsonObject[64];
        for (int i = 0; i < reports.length; i++) {
            reports[i] = smf.used(i, i + 1, 0, MB).put("requestedUnit", new JsonObject());
        }
        Smf.Got moved = smf.update(port, created.ref(), smf.update(4, reports));
        assertThat(moved.granted(63)).isPositive();
        for (int i = 0; i < reports.length; i++) {
            reports[i] = smf.used(i, i + 101, 0, MB);
        }
        assertThat(smf.release(port, created.ref(), smf.update(5, reports)).status())
                .isEqualTo(204);
        assertThat(used(someone)).isEqualTo(128 * MB);
    }

    @Test
    void whoAsksForMoreThanASessionMayHoldIsAnsweredForAllAndGivenAsMuchAsItMayHold() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400_000 * MB));
        JsonObject[] groups = asking(0, 70);
        groups[69] = at("3fa85f64-5717-4562-b3fc-2c963f66af1a", Smf.asking(0));
        groups[68] = at("3fa85f64-5717-4562-b3fc-2c963f66af1b", Smf.asking(1_000));
        JsonObject creation = smf.creation(someone.imsi(), ++chargingIds, groups);
        Smf.Got created = smf.create(port, creation);
        assertThat(created.status()).isEqualTo(201);
        JsonArray answers = created.body().getJsonArray("multipleUnitInformation");
        assertThat(answers).hasSize(70);
        assertThat(created.granted(63)).isEqualTo(created.granted(0)).isEqualTo(50 * MB);
        for (int i = 64; i < 70; i++) {
            assertThat(created.group(i).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
            assertThat(created.group(i).getLong("ratingGroup"))
                    .isEqualTo(groups[i].getLong("ratingGroup").longValue());
        }
        assertThat(created.group(69).getString("uPFID")).isEqualTo("3fa85f64-5717-4562-b3fc-2c963f66af1a");
        assertThat(smf.create(otherPort, creation).body()).isEqualTo(created.body());
    }

    private static JsonObject[] asking(int from, int to) {
        JsonObject[] groups = new JsonObject[to - from];
        for (int i = from; i < to; i++) {
            groups[i - from] = Smf.asking(i);
        }
        return groups;
    }

    @Test
    void anSmfWithoutNumbersIsCountedAsItSpeaks() throws Exception {
        Smf quirky = new Smf(
                server.consumer("free5gc", ChargingProfile.FREE5GC, List.of(), Set.of(ChargingApi.OPERATION)), fixture);
        ChargingServer.Subscriber someone = server.subscriber(stopping(9_000 * MB));
        JsonObject creation = quirky.creation(someone.imsi(), ++chargingIds);
        creation.remove("multipleUnitUsage");
        Smf.Got created = quirky.create(port, creation.put("invocationSequenceNumber", 0));
        assertThat(created.body().containsKey("multipleUnitInformation")).isFalse();
        JsonObject report = quirky.used(1, 0, 0, 7 * MB)
                .put("requestedUnit", new JsonObject())
                .put("uPFID", "3fa85f64-5717-4562-b3fc-2c963f66afa6");
        JsonObject update = quirky.update(0, report);
        Smf.Got first = quirky.update(port, created.ref(), update);
        assertThat(first.group(0).getString("uPFID")).isEqualTo("3fa85f64-5717-4562-b3fc-2c963f66afa6");
        assertThat(first.group(0).getLong("volumeQuotaThreshold"))
                .as("what was used")
                .isEqualTo(40 * MB);
        assertThat(first.group(0).getJsonArray("triggers").encode()).contains("QUOTA_EXHAUSTED");
        assertThat(quirky.update(otherPort, created.ref(), update).body()).isEqualTo(first.body());
        assertThat(used(someone)).isEqualTo(7 * MB);
        fixture.now.updateAndGet(now -> now.plusSeconds(1));
        quirky.update(port, created.ref(), quirky.update(0, quirky.used(1, 0, 0, 7 * MB)));
        assertThat(used(someone)).as("another message with the number 0").isEqualTo(14 * MB);
        JsonObject wrapped = quirky.update(
                0,
                new JsonObject()
                        .put("ratingGroup", 1)
                        .put(
                                "usedUnitContainer",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("localSequenceNumber", 0)
                                                .put("totalVolume", -2_000_000_000))));
        quirky.send(port, Smf.BASE + "/" + created.ref() + "/update", wrapped.encode());
        assertThat(used(someone)).isEqualTo(14 * MB + (1L << 32) - 2_000_000_000L);
    }

    @Test
    void whatIsChargedOfflineBesideAnotherRatingGroupCountsOnceWhereItIsToBeIgnored() throws Exception {
        Smf quirky = new Smf(
                server.consumer(
                        "both-levels",
                        new ChargingTerms(ChargingProfile.FREE5GC.word(), Set.of("127.0.0.1"), true),
                        List.of(),
                        Set.of(ChargingApi.OPERATION)),
                fixture);
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        String ref = quirky.create(port, quirky.creation(someone.imsi(), ++chargingIds))
                .ref();
        double before = ignored();
        Smf.Got got = quirky.update(
                port,
                ref,
                quirky.update(
                        0,
                        charged("OFFLINE_CHARGING", quirky.used(1, 0, 0, 100 * MB)),
                        charged("ONLINE_CHARGING", quirky.used(2, 0, 0, 100 * MB))));
        assertThat(got.body().getJsonArray("multipleUnitInformation")).hasSize(1);
        assertThat(got.group(0).getLong("ratingGroup")).isEqualTo(2);
        assertThat(used(someone)).isEqualTo(100 * MB);
        assertThat(promised(someone)).isEqualTo(got.granted(0));
        JsonObject last =
                quirky.update(0, charged("OFFLINE_CHARGING", quirky.used(1, 0, 0, 5 * MB)), quirky.used(2, 0, 0, MB));
        assertThat(quirky.release(port, ref, last).status()).isEqualTo(204);
        assertThat(used(someone)).isEqualTo(101 * MB);
        assertThat(ignored()).isEqualTo(before + 105 * MB);

        ChargingServer.Subscriber other = server.subscriber(stopping(400 * MB));
        smf.create(port, smf.creation(other.imsi(), ++chargingIds, charged("OFFLINE_CHARGING", smf.used(1, 1, 0, MB))));
        assertThat(used(other)).as("where nothing was said of it").isEqualTo(MB);
    }

    private static JsonObject charged(String how, JsonObject usage) {
        usage.getJsonArray("usedUnitContainer").getJsonObject(0).put("quotaManagementIndicator", how);
        return usage.put("requestedUnit", new JsonObject());
    }

    private static double ignored() {
        return server.meters.counter("octroi.charging.offline.ignored.bytes").count();
    }

    @Test
    void severalUpfsOfARatingGroupShareWhatItIsGrantedAndEachIsCounted() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(10 * MB));
        // Java's own hashes of these two are the same.
        String edge = "3fa85f64-5717-4562-b3fc-2c963f66af1a";
        String core = "3fa85f64-5717-4562-b3fc-2c963f66af2B";
        assertThat(edge).hasSameHashCodeAs(core);
        Smf.Got created = smf.create(
                port,
                smf.creation(
                        someone.imsi(),
                        ++chargingIds,
                        Smf.asking(10).put("uPFID", edge),
                        Smf.asking(10).put("uPFID", core)));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.granted(0) + created.granted(1))
                .isEqualTo(promised(someone))
                .isEqualTo(5 * MB / 2);
        assertThat(created.group(0).getString("uPFID")).isEqualTo(edge);
        assertThat(created.group(1).getString("uPFID")).isEqualTo(core);
        JsonObject update = smf.update(
                2,
                smf.used(10, 1, 0, MB).put("uPFID", edge),
                smf.used(10, 1, 0, 2 * MB).put("uPFID", core));
        assertThat(smf.update(port, created.ref(), update).status()).isEqualTo(200);
        smf.update(otherPort, created.ref(), update.copy().put("invocationSequenceNumber", 3));
        assertThat(used(someone)).as("numbered within each UPF, counted once").isEqualTo(3 * MB);
    }

    @Test
    void whatARatingGroupOfAUpfReportsInTwoEntriesIsOneReport() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(
                port,
                smf.creation(
                        someone.imsi(),
                        ++chargingIds,
                        Smf.asking(10).put("uPFID", "edge"),
                        Smf.asking(10).put("uPFID", "edge")));
        assertThat(created.body().getJsonArray("multipleUnitInformation")).hasSize(1);
        assertThat(created.granted(0)).isEqualTo(50 * MB);
        JsonObject update = smf.update(
                2,
                smf.used(10, 1, 0, MB).put("uPFID", "edge"),
                smf.used(10, 2, 0, 2 * MB).put("uPFID", "edge").put("requestedUnit", new JsonObject()));
        Smf.Got updated = smf.update(port, created.ref(), update);
        assertThat(updated.body().getJsonArray("multipleUnitInformation")).hasSize(1);
        assertThat(updated.granted(0)).isEqualTo(50 * MB);
        assertThat(used(someone)).isEqualTo(3 * MB);
        assertThat(promised(someone)).isEqualTo(50 * MB);
    }

    @Test
    void whatOneUpfHoldsStaysPromisedWhateverAnotherOfItsRatingGroupAsks() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(
                port,
                smf.creation(someone.imsi(), ++chargingIds, at("edge", Smf.asking(10)), at("core", Smf.asking(10))));
        assertThat(created.granted(0)).isEqualTo(25 * MB);
        assertThat(created.granted(1)).isEqualTo(25 * MB);

        JsonObject report = smf.used(10, 1, 0, 20 * MB).put("requestedUnit", new JsonObject());
        Smf.Got alone = smf.update(port, created.ref(), smf.update(2, at("edge", report)));
        assertThat(promised(someone)).isEqualTo(alone.granted(0) + 25 * MB);

        smf.update(otherPort, created.ref(), smf.update(3, at("edge", given(10, 2))));
        assertThat(promised(someone)).as("what core holds").isEqualTo(25 * MB);
        smf.update(port, created.ref(), smf.update(4, at("core", smf.used(10, 1, 0, 10 * MB))));
        assertThat(promised(someone)).isEqualTo(15 * MB);
        smf.update(port, created.ref(), smf.update(5, at("core", given(10, 2))));
        assertThat(promised(someone)).isZero();
    }

    @Test
    void whoNamesNoUpfSpeaksOfTheWholeRatingGroup() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        Smf.Got created = smf.create(port, smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        smf.update(port, created.ref(), smf.update(2, at("edge", Smf.asking(10)), at("core", Smf.asking(10))));
        assertThat(promised(someone)).isEqualTo(50 * MB);
        smf.update(port, created.ref(), smf.update(3, at("edge", smf.used(10, 1, 0, 5 * MB))));
        assertThat(promised(someone)).isEqualTo(45 * MB);
        smf.update(port, created.ref(), smf.update(4, Smf.asking(10)));
        assertThat(promised(someone)).isEqualTo(50 * MB);
        smf.update(port, created.ref(), smf.update(5, given(10, 1)));
        assertThat(promised(someone)).isZero();
    }

    private static JsonObject at(String upf, JsonObject usage) {
        return usage.put("uPFID", upf);
    }

    @Test
    void whoNamesItsFeaturesIsToldThatNoneIsShared() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(10 * MB));
        JsonObject creation = smf.creation(someone.imsi(), ++chargingIds);
        assertThat(smf.create(port, creation).body().containsKey("supportedFeatures"))
                .isFalse();
        JsonObject naming = smf.creation(someone.imsi(), ++chargingIds).put("supportedFeatures", "1f");
        assertThat(smf.create(port, naming).body().getString("supportedFeatures"))
                .isEqualTo("0");
        assertThat(cause(smf.send(
                        port, Smf.BASE, naming.put("supportedFeatures", "xy").encode())))
                .isEqualTo("400 OPTIONAL_IE_INCORRECT");
    }

    @Test
    void aOneTimeEventLeavesNoSession() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        JsonObject event = smf.creation(someone.imsi(), ++chargingIds, smf.used(1, 1, 0, MB))
                .put("oneTimeEvent", true)
                .put("oneTimeEventType", "PEC");
        Smf.Got got = smf.create(port, event);
        assertThat(got.status()).isEqualTo(201);
        Smf.Got again = smf.create(otherPort, event);
        assertThat(again.body()).isEqualTo(got.body());
        assertThat(again.ref()).isEqualTo(got.ref());
        assertThat(used(someone)).isEqualTo(MB);
        assertThat(promised(someone)).isZero();
        assertThat(fixture.number(
                        "SELECT count(*) FROM charging_session WHERE account_id = ? AND open",
                        someone.key().accountId()))
                .isZero();
    }

    @Test
    void noIdentifierIsStoredInClear() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        JsonObject creation = smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10))
                .put("notifyUri", "https://smf.example/imsi-" + someone.imsi());
        Smf.Got created = smf.create(port, creation);
        assertThat(created.status()).isEqualTo(201);
        assertThat(smf.update(port, created.ref(), smf.update(2, smf.used(10, 1, 0, MB)))
                        .status())
                .isEqualTo(200);
        assertThat(fixture.number(
                        "SELECT count(*) FROM charging_session WHERE account_id = ?",
                        someone.key().accountId()))
                .isOne();
        assertThat(ClearText.find(fixture.config, Map.of("IMSI", someone.imsi())))
                .isEmpty();
    }

    private static String cause(Smf.Got got) {
        return got.status() + " " + got.body().getString("cause");
    }

    private static long promised(ChargingServer.Subscriber someone) {
        return fixture.number(
                "SELECT coalesce(sum(promised_bytes), 0)::bigint FROM charging_session WHERE account_id = ?",
                someone.key().accountId());
    }

    private static long used(ChargingServer.Subscriber someone) {
        return fixture.number(
                "SELECT used_bytes + beyond_bytes FROM account_hot WHERE account_id = ?",
                someone.key().accountId());
    }

    private static long zoneBytes(ChargingServer.Subscriber someone, String plmn) {
        return fixture.number(
                "SELECT coalesce(sum(delta_bytes), 0)::bigint FROM ledger WHERE account_id = ? AND plmn = ?",
                someone.key().accountId(),
                plmn);
    }
}

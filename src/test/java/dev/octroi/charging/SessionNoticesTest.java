package dev.octroi.charging;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.SessionAddressStore;
import dev.octroi.quota.TickJob;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.Aad;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the SMF is told of rating groups that its own message did not speak of. */
class SessionNoticesTest {
    private static ChargingServer server;
    private static QuotaFixture fixture;
    private static Smf smf;
    private static int port;
    private static long chargingIds;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        server = new ChargingServer(folder);
        fixture = server.fixture;
        port = server.gateway();
        smf = new Smf(server.consumer("smf-1"), fixture);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static PlanTerms stopping(long bytes) {
        return AccountFixture.terms(bytes, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER));
    }

    /** Where the sessions of these tests begin, data is blocked. */
    private static PlanTerms blockingAtHome() {
        return new PlanTerms(
                PlanTerms.SCHEMA,
                "France",
                400 * MB,
                Validity.days(7, Validity.StartMode.ON_ORDER),
                new AfterQuota.Stop(),
                80,
                List.of(new ZoneCap("zone_closed", "Closed", Set.of("208-01-007501"), null)),
                DrainPolicy.NOTIFY,
                DayZone.TRAVELLER);
    }

    @Test
    void sessionWhoseOwnMessageLeavesABlockedZoneIsToldToAskAgain() {
        ChargingServer.Subscriber someone = server.subscriber(blockingAtHome());
        Smf.Got created = create(someone, Smf.asking(10), Smf.asking(11));
        assertThat(created.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        assertThat(created.group(1).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        assertThat(notices(someone)).isEmpty();
        fixture.now.updateAndGet(now -> now.plusSeconds(120));
        smf.update(port, created.ref(), abroad(smf.update(2)));
        assertThat(notices(someone)).containsExactly("again");

        Smf.Got after = smf.update(port, created.ref(), abroad(smf.update(3, Smf.asking(10), Smf.asking(11))));
        assertThat(after.granted(0)).isPositive();
        assertThat(after.granted(1)).isPositive();
        assertThat(notices(someone)).as("it knows now").containsExactly("again");
    }

    @Test
    void consumerWhoseClockIsAheadDoesNotHideWhatTheNextOneReports() {
        ChargingServer.Subscriber someone = server.subscriber(blockingAtHome());
        Instant before = fixture.now.get();
        fixture.now.set(before.plusSeconds(240));
        JsonObject ahead = abroad(smf.creation(someone.imsi(), ++chargingIds, Smf.asking(10)));
        JsonObject update = abroad(smf.update(2, smf.used(10, 1, 0, 1_000)));
        fixture.now.set(before);
        Smf.Got created = smf.create(port, ahead);
        assertThat(created.granted(0)).isPositive();
        assertThat(smf.update(port, created.ref(), update).status()).isEqualTo(200);
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        Smf.Got atHome = create(someone, Smf.asking(10));
        assertThat(atHome.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
    }

    @Test
    void sessionWhoseOwnMessageAsksForAllOfItsGroupsKnowsAlready() {
        ChargingServer.Subscriber someone = server.subscriber(blockingAtHome());
        Smf.Got created = create(someone, Smf.asking(10), Smf.asking(11));
        fixture.now.updateAndGet(now -> now.plusSeconds(120));
        Smf.Got abroad = smf.update(port, created.ref(), abroad(smf.update(2, Smf.asking(10), Smf.asking(11))));
        assertThat(abroad.granted(0)).isPositive();
        assertThat(abroad.granted(1)).isPositive();
        assertThat(notices(someone)).isEmpty();
    }

    @Test
    void sessionWhoseOwnReportSuspendsTheAccountIsToldToEndWhileAnotherGroupHoldsSomething() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        limit(someone, 20 * MB);
        Smf.Got created = create(someone, Smf.asking(10), Smf.asking(20));
        assertThat(created.granted(1)).isPositive();
        Smf.Got denied = smf.update(port, created.ref(), smf.update(2, again(10, 1, 30 * MB)));
        assertThat(denied.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        assertThat(notices(someone)).containsExactly("abort");
    }

    @Test
    void sessionWhoseOwnReportSuspendsTheAccountAndThatHoldsNothingElseIsNotTold() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(400 * MB));
        limit(someone, 20 * MB);
        Smf.Got created = create(someone, Smf.asking(10));
        Smf.Got denied = smf.update(port, created.ref(), smf.update(2, again(10, 1, 30 * MB)));
        assertThat(denied.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        assertThat(notices(someone)).isEmpty();
    }

    @Test
    void volumeThatComesFreeWhileNothingMayPassIsToldToNobody() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(MB));
        limit(someone, 20_000);
        Smf.Got created = create(someone, Smf.asking(10), Smf.asking(20));
        assertThat(created.group(1).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        Smf.Got denied = smf.update(port, created.ref(), smf.update(2, again(10, 1, 30_000)));
        assertThat(denied.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        assertThat(notices(someone)).isEmpty();
    }

    @Test
    void groupThatWaitsIsToldWhenAnotherOfItsSessionIsGrantedLessThanItHeld() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(40 * MB));
        JsonObject[] groups = new JsonObject[16];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = Smf.asking(i);
        }
        Smf.Got created = create(someone, groups);
        assertThat(created.granted(0)).isEqualTo(10 * MB);
        assertThat(created.group(15).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        Smf.Got less = smf.update(port, created.ref(), smf.update(2, again(0, 1, 0)));
        assertThat(less.granted(0)).isEqualTo(10 * MB / 4);
        assertThat(notices(someone)).containsExactly("again");

        Smf.Got found = smf.update(port, created.ref(), smf.update(3, Smf.asking(15)));
        assertThat(found.granted(0)).isPositive();
        assertThat(notices(someone)).containsExactly("again");
    }

    @Test
    void memberThatItsCapRefusedIsToldWhenTheCapIsRaised() {
        ChargingServer.Subscriber child = server.member(server.subscriber(shared()));
        cap(child, MB);
        Smf.Got created = create(child, Smf.asking(10), Smf.asking(20));
        assertThat(created.granted(0)).isEqualTo(MB);
        assertThat(created.group(1).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        cap(child, 10_000 * MB);
        assertThat(notices(child)).containsExactly("again");
    }

    @Test
    void memberThatItsCapRefusedIsToldWhenTheCapIsRaisedWhileTheVolumeIsUsedUpAndThePlanOnlySlowsDown() {
        PlanTerms slowing = AccountFixture.terms(
                10 * MB, new AfterQuota.Throttle(Speed.both(384)), Validity.days(7, Validity.StartMode.ON_ORDER));
        ChargingServer.Subscriber owner = server.subscriber(slowing.with(new Sharing(2, 0, null)));
        ChargingServer.Subscriber child = server.member(owner);
        fixture.use(owner.key(), "all", 10 * MB);
        cap(child, MB);
        Smf.Got created = create(child, Smf.asking(10), Smf.asking(20));
        assertThat(created.granted(0)).isEqualTo(MB);
        assertThat(created.group(1).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        cap(child, 10_000 * MB);
        assertThat(notices(child)).containsExactly("again");
    }

    @Test
    void memberThatHoldsTheLastOfItsCapIsToldWhenTheCapIsRaised() {
        ChargingServer.Subscriber child = server.member(server.subscriber(shared()));
        cap(child, MB);
        Smf.Got created = create(child, Smf.asking(10));
        assertThat(created.group(0).containsKey("finalUnitIndication")).isTrue();
        smf.update(port, created.ref(), smf.update(2, smf.used(10, 1, 0, MB / 2)));
        assertThat(notices(child)).isEmpty();
        cap(child, 10_000 * MB);
        assertThat(notices(child)).containsExactly("again");
    }

    @Test
    void whoGivesTheLastSliceBackIsNotToldThatThereIsSome() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(MB));
        Smf.Got created = create(someone, Smf.asking(10));
        assertThat(created.group(0).containsKey("finalUnitIndication")).isTrue();
        JsonObject last = smf.used(10, 1, 0, 1_000);
        last.getJsonArray("usedUnitContainer")
                .getJsonObject(0)
                .put(
                        "triggers",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("triggerCategory", "IMMEDIATE_REPORT")
                                        .put("triggerType", "QHT")));
        assertThat(smf.update(port, created.ref(), smf.update(2, last)).status())
                .isEqualTo(200);
        assertThat(notices(someone)).isEmpty();
    }

    @Test
    void addressThatWasSealedAnewStaysSoWhateverTheSessionReports() {
        ChargingServer.Subscriber someone = server.subscriber(stopping(MB));
        Smf.Got created = create(someone, Smf.asking(10));
        SessionAddressStore store = new SessionAddressStore();
        List<SessionAddressStore.Address> all = await(fixture.database.inWorker(
                connection -> store.notUnder(connection, -1, new SessionAddressStore.Address(someone.key(), 0, ""))));
        SessionAddressStore.Address address = all.getFirst();
        assertThat(address.key()).isEqualTo(someone.key());
        Aad place = Aad.of(
                someone.key().tenantId(),
                "charging_session",
                "notify_to",
                someone.key().accountId());
        String anew = Base64.getEncoder().encodeToString(server.sealer.sealText(place, "https://127.0.0.1:9/other"));
        boolean first = await(fixture.database.inWorker(connection -> store.replace(connection, address, anew)));
        boolean second = await(fixture.database.inWorker(connection -> store.replace(connection, address, anew)));
        assertThat(first).isTrue();
        assertThat(second).as("it is another one now").isFalse();
        // All of its row is written anew by the gateway that has it in memory.
        assertThat(smf.release(port, created.ref(), smf.update(2)).status()).isEqualTo(204);
        assertThat(fixture.number(
                        "SELECT count(*) FROM charging_session WHERE account_id = ? AND notify_to = ?",
                        someone.key().accountId(),
                        anew))
                .isEqualTo(1);
    }

    @Test
    void memberThatItsCapRefusedIsToldWhenItsDayBegins() {
        ChargingServer.Subscriber child = server.member(server.subscriber(shared()));
        cap(child, 2 * MB);
        fixture.use(child.key(), "today", MB);
        Smf.Got created = create(child, Smf.asking(10), Smf.asking(20));
        assertThat(created.granted(0)).isEqualTo(MB);
        assertThat(created.group(1).getString("resultCode")).isEqualTo("QUOTA_LIMIT_REACHED");
        Instant before = fixture.now.get();
        // What 10 holds is not given back yet when the day begins.
        Instant midnight = before.atZone(AccountFixture.PARIS)
                .toLocalDate()
                .plusDays(1)
                .atStartOfDay(AccountFixture.PARIS)
                .toInstant();
        try {
            fixture.now.set(midnight.minusSeconds(60));
            smf.update(port, created.ref(), smf.update(2, again(10, 1, 0)));
            fixture.now.set(midnight);
            await(new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true).tick());
            assertThat(notices(child)).containsExactly("again");
        } finally {
            fixture.now.set(before);
        }
    }

    private static PlanTerms shared() {
        return stopping(400 * MB).with(new Sharing(2, 0, null));
    }

    private static void cap(ChargingServer.Subscriber member, long bytes) {
        fixture.accepted(
                member.key(), new AccountCommand.SetMemberCap(new MemberCap(bytes, MemberCap.Window.DAY), ADMIN));
    }

    private static Smf.Got create(ChargingServer.Subscriber someone, JsonObject... usages) {
        return smf.create(port, smf.creation(someone.imsi(), ++chargingIds, usages));
    }

    private static JsonObject again(long group, long local, long bytes) {
        return smf.used(group, local, 0, bytes).put("requestedUnit", new JsonObject());
    }

    private static JsonObject abroad(JsonObject update) {
        return update.put("pDUSessionChargingInformation", Smf.place("262", "02", "00AB01"));
    }

    private static void limit(ChargingServer.Subscriber someone, long bytes) {
        Rule daily = new Rule(
                "daily",
                Rule.Owner.USER,
                Condition.over(Rule.Window.DAY, bytes),
                List.of(new Action.Pause()),
                Rule.WINDOW_END);
        fixture.accepted(someone.key(), new AccountCommand.PutRules(Rule.Owner.USER, List.of(daily), 0L, ADMIN));
    }

    /** What consumers were told of the sessions of an account. */
    private static List<String> notices(ChargingServer.Subscriber someone) {
        List<String> all = new ArrayList<>(Collections.nCopies(told(someone, false), "again"));
        all.addAll(Collections.nCopies(told(someone, true), "abort"));
        return all;
    }

    private static int told(ChargingServer.Subscriber someone, boolean ends) {
        return Math.toIntExact(fixture.number("""
                SELECT count(*) FROM outbox WHERE stream = 'charging' AND (payload->>'account')::bigint = ?
                  AND (payload->>'abort')::boolean = ?
                """, someone.key().accountId(), ends));
    }
}

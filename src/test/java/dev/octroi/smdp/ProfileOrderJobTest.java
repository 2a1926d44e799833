package dev.octroi.smdp;

import static dev.octroi.api.operator.Es2Server.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.api.operator.Es2Server;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.order.OperatorOrders.Confirmation;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.secret.Sensitive;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Orders at another SM-DP+ (a real one, with a database of its own), whose answers get lost in every way. */
class ProfileOrderJobTest implements ProfileOrderListener {
    @TempDir
    Path folder;

    private Es2Server there;
    private Es2Server here;
    private ProfileOrderStore store;
    private String type = Es2Server.TYPE;
    private int failing;
    private final AtomicInteger losses = new AtomicInteger();
    private volatile IntFunction<Future<Boolean>> lost = number -> Future.succeededFuture(true);
    private final List<String> turns = new CopyOnWriteArrayList<>();
    private final Faulty smdp = new Faulty();

    @BeforeEach
    void open() throws Exception {
        there = new Es2Server(folder.resolve("there"));
        here = new Es2Server(folder.resolve("here"));
        // So that the numbers of the two do not meet.
        there.text("SELECT setval('profile_number', 5000)");
        store = new ProfileOrderStore(here.sealer);
    }

    @AfterEach
    void close() {
        there.close();
        here.close();
    }

    @Test
    void orderEndsWithAProfileThatMayBeDownloaded() throws Exception {
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("ready", profile);
        assertThat(turns).containsExactly("reserved", "ready");
        assertThat(here.text("SELECT state || '/' || driver FROM profile WHERE id = ?", profile))
                .isEqualTo("released/es2");
        assertThat(profilesThere()).isEqualTo("released:1");
        ProfileOrderStore.Standing standing = standing(profile);
        assertThat(standing.smdpAddress()).contains(there.smdpAddress);
        await(job.stop());
    }

    @Test
    void lostAnswersLeaveOneProfileForOneOrder() throws Exception {
        smdp.lose = Set.of(1, 2, 4, 5);
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("ready", profile);
        assertThat(turns).containsExactly("reserved", "ready");
        assertThat(profilesThere()).isEqualTo("released:1");
        await(job.stop());
    }

    @Test
    void lostCallsAreMadeAgain() throws Exception {
        smdp.swallow = Set.of(1, 3);
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("ready", profile);
        assertThat(profilesThere()).isEqualTo("released:1");
        await(job.stop());
    }

    /** Hours of waiting for stock say nothing of the confirmation: it has all of its attempts. */
    @Test
    void orderThatWaitedForStockIsNotOverWhenItsFirstConfirmationIsLost() throws Exception {
        TestDatabase.execute(here.config, "ALTER TABLE profile_order ALTER COLUMN attempts SET DEFAULT 59");
        smdp.swallow = Set.of(2);
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("ready", profile);
        assertThat(turns).containsExactly("reserved", "ready");
        await(job.stop());
    }

    @Test
    void whatACrashLeftIsTakenUpByAnotherGateway() throws Exception {
        smdp.hang = Set.of(1);
        ProfileOrderJob crashed = job(Duration.ofMillis(700));
        long profile = order(crashed);
        await().atMost(10, TimeUnit.SECONDS).until(() -> smdp.calls.size() == 1);
        crashed.close();
        ProfileOrderJob other = job(Duration.ofSeconds(30));
        eventually("ready", profile);
        assertThat(new HashSet<>(smdp.calls))
                .as("the same identifier for the same call")
                .hasSize(2);
        assertThat(profilesThere()).isEqualTo("released:1");
        await(other.stop());
    }

    @Test
    void orderThatIsRefusedForGoodFailsWithTheReason() throws Exception {
        type = "platinum";
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("failed", profile);
        assertThat(turns).containsExactly("failed 8.2.5/3.9");
        assertThat(profilesThere()).isEmpty();
        await(job.stop());
    }

    @Test
    void stockThatIsFilledAgainEndsTheWait() throws Exception {
        smdp.usedUp = 3;
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("ready", profile);
        assertThat(smdp.calls.stream().distinct().count())
                .as("a refused call is made anew under another identifier")
                .isEqualTo(5);
        await(job.stop());
    }

    @Test
    void manyOrdersOfManyGatewaysGiveEachOneProfile() throws Exception {
        smdp.lose = Set.of(2, 3, 5, 8, 13, 21);
        List<ProfileOrderJob> jobs = List.of(job(Duration.ofSeconds(30)), job(Duration.ofSeconds(30)));
        for (int i = 0; i < 12; i++) {
            order(jobs.get(i % 2));
        }
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(here.text("SELECT count(*) FROM profile_order WHERE state = 'ready'"))
                        .isEqualTo("12"));
        assertThat(profilesThere()).isEqualTo("released:12");
        for (ProfileOrderJob job : jobs) {
            await(job.stop());
        }
    }

    /** An empty text, an address of the web, and one that no activation code has room for. */
    @ParameterizedTest
    @MethodSource("noAddresses")
    void addressThatNoActivationCodeCanCarryIsThatOfTheSettings(String address) throws Exception {
        smdp.confirmed = given -> new SmDpPlus.ConfirmedOrder(given.eid(), given.matchingId(), Optional.of(address));
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("ready", profile);
        assertThat(activation(profile)).matches("LPA:1\\$fallback\\.example\\.com\\$[0-9A-Z-]{10,}");
        await(job.stop());
    }

    static List<String> noAddresses() {
        return List.of("", "https://smdp.example.com/", "x".repeat(300) + ".example.com");
    }

    @Test
    void orderWithoutAUsableMatchingIdFailsAndGivesTheProfileBack() throws Exception {
        smdp.confirmed =
                given -> new SmDpPlus.ConfirmedOrder(given.eid(), Sensitive.of("lower case"), given.smdpAddress());
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("failed", profile);
        assertThat(turns).containsExactly("reserved", "failed 8.8/4.2");
        assertThat(profilesThere()).isEqualTo("available:1");
        await(job.stop());
    }

    @Test
    void orderWhoseEndWasNotWrittenIsNeverGoodAfterwards() throws Exception {
        smdp.confirmed =
                given -> new SmDpPlus.ConfirmedOrder(given.eid(), Sensitive.of("lower case"), given.smdpAddress());
        failing = 1;
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("failed", profile);
        assertThat(turns).containsExactly("reserved", "failed 8.8/4.2");
        assertThat(profilesThere()).isEqualTo("available:1");
        await(job.stop());
    }

    @Test
    void orderWithoutAnAnswerFailsForTheResellerAndIsGivenBackWhenTheServerAnswersAgain() throws Exception {
        smdp.loseAfter = 1;
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        await().atMost(10, TimeUnit.SECONDS).until(() -> smdp.calls.size() > 2);
        assertThat(profilesThere()).isEqualTo("released:1");
        smdp.swallowAfter = 1;
        here.text("UPDATE profile_order SET attempts = 59 RETURNING 1");
        eventually("returning", profile);
        assertThat(here.text("SELECT state FROM profile_order"))
                .as("also for gateways that know of no way back")
                .isEqualTo("failed");
        assertThat(turns).containsExactly("reserved", "failed 1.2/5.1");
        int sofar = smdp.calls.size();
        await().atMost(10, TimeUnit.SECONDS).until(() -> smdp.calls.size() > sofar + 1);
        smdp.swallowAfter = Integer.MAX_VALUE;
        smdp.loseAfter = Integer.MAX_VALUE;
        eventually("failed", profile);
        assertThat(profilesThere()).isEqualTo("available:1");
        await(job.stop());
    }

    @Test
    void numberThatAnotherOrderHasGotIsNotGivenBack() throws Exception {
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long failed = failed(job);
        long next = order(job);
        eventually("ready", next);
        here.text(
                "UPDATE profile_order SET give_back = true, next_at = now() WHERE profile_id = ? RETURNING 1", failed);
        eventually("failed", failed);
        assertThat(smdp.calls)
                .as("reserved, confirmed, given back; reserved, confirmed")
                .hasSize(5);
        assertThat(profilesThere()).isEqualTo("released:1");
        await(job.stop());
    }

    @Test
    void numberThatWasGivenBackIsTakenAgainByTheNextOrder() throws Exception {
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long failed = failed(job);
        long next = order(job);
        eventually("ready", next);
        assertThat(profilesThere()).as("the same profile").isEqualTo("released:1");
        assertThat(iccid(next)).isEqualTo(iccid(failed));
        await(job.stop());
    }

    @Test
    void numberOfAProfileThatIsAliveHereEndsTheOrderAtOnce() throws Exception {
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        eventually("ready", order(job));
        there.text("UPDATE profile SET state = 'available', version = version + 1 RETURNING 1");
        long second = order(job);
        eventually("failed", second);
        assertThat(turns).containsExactly("reserved", "ready", "failed 8.2.1/3.3");
        assertThat(smdp.calls)
                .as("nothing is cancelled that may be the other's")
                .hasSize(3);
        await(job.stop());
    }

    @Test
    void whatIsLeftToDoForAFailedOrderIsTriedUntilItIsDone() throws Exception {
        lost = number -> switch (number) {
            case 1 -> Future.failedFuture(new IllegalStateException("the database is away"));
            case 2 -> Future.succeededFuture(false);
            default -> Future.succeededFuture(true);
        };
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = failed(job);
        nothingIsLeft(profile);
        eventually("ready", order(job));
        assertThat(losses).hasValue(3);
        assertThat(turns).containsExactly("reserved", "failed 8.8/4.2", "reserved", "ready");
        await(job.stop());
    }

    @Test
    void whatACrashLeftToDoForAFailedOrderIsDoneByAnotherGateway() throws Exception {
        lost = number -> number == 1 ? Promise.<Boolean>promise().future() : Future.succeededFuture(true);
        ProfileOrderJob crashed = job(Duration.ofMillis(700));
        long profile = failed(crashed);
        await().atMost(10, TimeUnit.SECONDS).until(() -> losses.get() > 0);
        crashed.close();
        ProfileOrderJob other = job(Duration.ofSeconds(30));
        nothingIsLeft(profile);
        assertThat(losses).hasValue(2);
        assertThat(profilesThere()).as("whose number waited for nothing").isEqualTo("available:1");
        await(other.stop());
    }

    @Test
    void orderOfWhichNoNumberIsKnownLeavesAsWell() throws Exception {
        type = "unknown";
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("failed", profile);
        nothingIsLeft(profile);
        assertThat(losses).hasValue(1);
        await(job.stop());
    }

    private void nothingIsLeft(long profile) {
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThat(here.text("SELECT to_leave FROM profile_order WHERE profile_id = ?", profile))
                                .isEqualTo("f"));
    }

    /** An order that is confirmed with what is no matching id, and whose number is given back. */
    private long failed(ProfileOrderJob job) {
        smdp.confirmed =
                given -> new SmDpPlus.ConfirmedOrder(given.eid(), Sensitive.of("lower case"), given.smdpAddress());
        long failed = order(job);
        eventually("failed", failed);
        smdp.confirmed = UnaryOperator.identity();
        return failed;
    }

    private Iccid iccid(long profile) {
        return await(here.database.inWorker(connection -> here.profiles.find(connection, Es2Server.TENANT, profile)))
                .map(here.profiles::iccid)
                .orElseThrow()
                .reveal();
    }

    /** 1.2/4.2, execution error: the function may have been carried out nevertheless. */
    @Test
    void callThatFailedMidwayIsMadeAgainUnderItsIdentifier() throws Exception {
        smdp.fail = Set.of(1, 3);
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("ready", profile);
        assertThat(new HashSet<>(smdp.calls)).hasSize(2);
        assertThat(profilesThere()).isEqualTo("released:1");
        await(job.stop());
    }

    @Test
    void confirmationThatFailedMidwayCountsAsDoneWhenTheServerHasItAndRemembersNoCalls() throws Exception {
        smdp.fail = Set.of(2);
        smdp.forgetful = true;
        ProfileOrderJob job = job(Duration.ofSeconds(30));
        long profile = order(job);
        eventually("ready", profile);
        assertThat(profilesThere()).isEqualTo("released:1");
        await(job.stop());
    }

    private String activation(long profile) {
        ProfileOrderStore.Standing standing = standing(profile);
        return new ActivationCode(
                        standing.smdpAddress().orElseThrow(),
                        standing.matchingId().reveal(),
                        false)
                .text();
    }

    private long order(ProfileOrderJob job) {
        long profile = here.ids.next();
        ExternalOrders orders = new ExternalOrders(store, type, here.smdp::token, job::wake, Clock.systemUTC());
        await(here.database.inTenant(
                Es2Server.TENANT, connection -> orders.want(connection, Es2Server.TENANT, profile, "France 3 GB")));
        orders.wake();
        return profile;
    }

    private ProfileOrderJob job(Duration lease) {
        ProfileOrderJob job = new ProfileOrderJob(
                here.vertx,
                here.database,
                store,
                smdp,
                new ExternalProfiles(here.downloads),
                here.profiles,
                this,
                new ProfileOrderJob.Terms("fallback.example.com", lease, 50, 0.01),
                Clock.systemUTC());
        job.start();
        return job;
    }

    private void eventually(String state, long profile) {
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(standing(profile).state()).isEqualTo(state));
    }

    private ProfileOrderStore.Standing standing(long profile) {
        return await(here.database.inTenant(
                        Es2Server.TENANT, connection -> store.find(connection, Es2Server.TENANT, profile)))
                .orElseThrow();
    }

    private String profilesThere() throws Exception {
        return there.text("SELECT coalesce(string_agg(state || ':' || n, ' '), '') FROM"
                + " (SELECT state, count(*) AS n FROM profile GROUP BY state ORDER BY state) s");
    }

    @Override
    public Future<Void> reserved(SqlConnection connection, int tenantId, long profileId, Iccid iccid) {
        turns.add("reserved");
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> ready(SqlConnection connection, int tenantId, long profileId) {
        turns.add("ready");
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> failed(SqlConnection connection, int tenantId, long profileId, GsmaStatus reason) {
        if (failing-- > 0) {
            return Future.failedFuture(new IllegalStateException("crashed"));
        }
        turns.add("failed " + reason);
        return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> lost(int tenantId, long profileId) {
        return lost.apply(losses.incrementAndGet());
    }

    @Override
    public void committed() {}

    /** The server there, behind a line that loses calls and answers, by the number of the call. */
    private final class Faulty implements SmDpPlus {
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private Set<Integer> lose = Set.of();
        private Set<Integer> swallow = Set.of();
        private Set<Integer> hang = Set.of();
        private Set<Integer> fail = Set.of();
        private UnaryOperator<ConfirmedOrder> confirmed = UnaryOperator.identity();
        private volatile int loseAfter = Integer.MAX_VALUE;
        private volatile int swallowAfter = Integer.MAX_VALUE;
        private boolean forgetful;
        private int usedUp;

        private <T> Future<Outcome<T>> pass(OperatorCall call, Supplier<Future<Outcome<T>>> function) {
            calls.add(call.identifier());
            int number = calls.size();
            if (swallow.contains(number) || number > swallowAfter) {
                return Future.failedFuture(new Es2Client.UnansweredException("swallowed"));
            }
            Future<Outcome<T>> answer = function.get();
            if (hang.contains(number)) {
                return answer.compose(lost -> Promise.<Outcome<T>>promise().future());
            }
            if (fail.contains(number)) {
                return answer.map(done -> Outcome.failed(GsmaStatus.EXECUTION_ERROR));
            }
            return lose.contains(number) || number > loseAfter
                    ? answer.compose(lost -> Future.failedFuture(new Es2Client.UnansweredException("lost")))
                    : answer;
        }

        private SmDpPlus real() {
            return new BuiltInDriver(there.orders, there.smdpAddress);
        }

        @Override
        public Future<Outcome<Iccid>> downloadOrder(
                OperatorCall call, @Nullable Eid eid, @Nullable Iccid iccid, @Nullable String profileType) {
            return calls.size() < usedUp
                    ? pass(call, () -> Future.succeededFuture(Outcome.failed(GsmaStatus.TYPE_USED_UP)))
                    : pass(call, () -> real().downloadOrder(call, eid, iccid, profileType));
        }

        @Override
        public Future<Outcome<ConfirmedOrder>> confirmOrder(OperatorCall call, Iccid iccid, Confirmation wanted) {
            OperatorCall known = forgetful
                    ? new OperatorCall(call.tenantId(), 0, Set.of(), "forgotten-" + calls.size(), call.content())
                    : call;
            return pass(
                    call,
                    () -> real().confirmOrder(known, iccid, wanted)
                            .map(outcome -> outcome.then(given -> Outcome.done(confirmed.apply(given)))));
        }

        @Override
        public Future<Outcome<Iccid>> cancelOrder(
                OperatorCall call, Iccid iccid, @Nullable Eid eid, @Nullable String matchingId, boolean available) {
            return pass(call, () -> real().cancelOrder(call, iccid, eid, matchingId, available));
        }

        @Override
        public Future<Outcome<Iccid>> releaseProfile(OperatorCall call, Iccid iccid) {
            return pass(call, () -> real().releaseProfile(call, iccid));
        }
    }
}

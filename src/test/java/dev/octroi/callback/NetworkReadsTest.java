package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.callback.reconcile.RestoreStore;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks over signed HTTP that say what they enforce: a real receiver over mutual TLS, rounds begun by hand. */
class NetworkReadsTest {
    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private Receiver network;
    private Callbacks gateway;
    private long subscription;

    /** What the network answers when it is read; null: 404. */
    private final AtomicReference<JsonObject> state = new AtomicReference<>();

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        fixture.listener = CallbackFixture.keeping();
        fixture.reconciling = new ReconcilerSettings(
                Duration.ofDays(1), Duration.ofMillis(10), Duration.ofHours(1), Duration.ofMillis(10));
        subscription = fixture.ids.next();
        network = fixture.network();
        network.answers((request, got) -> {
            if (request.method().name().equals("POST")) {
                JsonObject data = got.data();
                state.set(new JsonObject()
                        .put("version", data.getLong("version"))
                        .put("level", data.getInteger("level"))
                        .put("kbpsDown", data.getInteger("kbpsDown"))
                        .put("kbpsUp", data.getInteger("kbpsUp")));
                request.response().setStatusCode(204).end();
            } else if (state.get() == null) {
                request.response().setStatusCode(404).end();
            } else {
                request.response().end(state.get().toBuffer());
            }
        });
        fixture.partner(
                new Connector.SignedHttp(
                        network.url(), Optional.of(network.url() + "/state/" + Connector.SignedHttp.SUBSCRIPTION)),
                null);
        gateway = fixture.gateway(fixture.vertx, null, null);
        gateway.start();
        fixture.decide(
                subscription,
                3,
                new JsonObject()
                        .put("level", 2)
                        .put("kbpsDown", 384)
                        .put("kbpsUp", 128)
                        .put("reason", "plan"));
        gateway.nudge();
        eventually(() -> assertThat(confirmed()).isEqualTo(3));
    }

    @AfterEach
    void close() throws Exception {
        await(gateway.stop());
        fixture.close();
    }

    @Test
    void aNetworkThatHasWhatItConfirmedIsReadLessAndLess() throws Exception {
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(fixture.count("SELECT reads FROM network_copy")).isGreaterThan(7);
        });
        assertThat(network.got().stream().map(Receiver.Got::path).distinct())
                .containsExactly("/hook", "/hook/state/" + PublicId.SUBSCRIPTION.format(subscription));
        assertThat(posts()).hasSize(1);
        assertThat(confirmed()).isEqualTo(3);
        assertThat(fixture.count("SELECT (read_after > now() + interval '50 milliseconds')::int FROM network_copy"))
                .isEqualTo(1);
    }

    @Test
    void aPolicyThatTheNetworkForgotIsToldAgain() throws Exception {
        state.set(null);
        repaired("the network knows no policy of the subscription");
    }

    /** Full speed is what a network begins with: where it holds none, nothing is lost. */
    @Test
    void aNetworkThatKnowsNoPolicyHasFullSpeed() throws Exception {
        fixture.decide(subscription, 4, new JsonObject().put("level", 0).put("reason", "none"));
        gateway.nudge();
        eventually(() -> assertThat(confirmed()).isEqualTo(4));
        state.set(null);
        int before = fixture.count("SELECT reads FROM network_copy");
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(fixture.count("SELECT reads FROM network_copy")).isGreaterThan(before + 2);
        });
        assertThat(posts()).hasSize(2);
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.lost'"))
                .isZero();
    }

    @Test
    void aPartnerThatIsAnotherTenantsByNowIsNotReadForTheOneOfBefore() throws Exception {
        TestDatabase.execute(fixture.config, "UPDATE partner SET tenant_id = 77");
        state.set(null);
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(fixture.count("SELECT reads FROM network_copy")).isGreaterThan(2);
        });
        assertThat(network.got()).hasSize(1);
        assertThat(confirmed()).isEqualTo(3);
    }

    @Test
    void aNetworkThatWentBackToAnOlderVersionIsToldAgain() throws Exception {
        state.set(new JsonObject().put("version", 2).put("level", 0));
        repaired("the network has version 2");
    }

    /** The network was told versions that a restored database does not know, and takes no lower one, repair or not. */
    @Test
    void afterARestoreANetworkTakesWhatTheDatabaseSays() throws Exception {
        state.set(new JsonObject().put("version", 7).put("level", 0));
        network.answers((request, got) -> {
            JsonObject held = state.get();
            if (!request.method().name().equals("POST")) {
                request.response().end(held.toBuffer());
                return;
            }
            if (got.data().getLong("version") >= held.getLong("version")) {
                state.set(got.data());
            }
            request.response().setStatusCode(204).end();
        });
        TestDatabase.execute(fixture.config, "INSERT INTO installation (key_check) VALUES (sha256('k'))");
        RestoreStore store = new RestoreStore();
        int vshard = Ids.shardOf(subscription);

        await(fixture.database.inWorker(store::raiseToldVersions));
        int told = await(fixture.database.inWorker(
                connection -> store.tellAgain(connection, vshard, CallbackFixture.CLOCK.instant())));
        assertThat(told).isEqualTo(1);

        eventually(() -> {
            await(gateway.reconcile());
            assertThat(state.get().getInteger("level")).isEqualTo(2);
            assertThat(confirmed()).isEqualTo(3);
        });
        assertThat(state.get().getLong("version")).isEqualTo(1_000_003);
        int posts = posts().size();
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(fixture.count("SELECT reads FROM network_copy")).isPositive();
        });
        assertThat(posts()).as("what is read is what was told").hasSize(posts);
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.lost'"))
                .isZero();
    }

    @Test
    void anotherSpeedUnderTheSameVersionIsRepairedThoughTheVersionIsNotNew() throws Exception {
        state.set(new JsonObject()
                .put("version", 3)
                .put("level", 2)
                .put("kbpsDown", 5_000)
                .put("kbpsUp", 128));
        repaired("the network enforces something else");
    }

    @Test
    void whatCannotBeReadIsNoReasonToTellAnythingNorToReadLess() throws Exception {
        state.set(new JsonObject().put("version", "three"));
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(network.got()).hasSizeGreaterThan(1 + 5);
        });
        assertThat(fixture.count("SELECT reads FROM network_copy")).isZero();
        assertThat(posts()).hasSize(1);
        assertThat(confirmed()).isEqualTo(3);
    }

    private void repaired(String reason) {
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(posts()).hasSize(2);
        });
        eventually(() -> assertThat(confirmed()).isEqualTo(3));
        assertThat(posts().getLast().data().getBoolean("repair")).isTrue();
        assertThat(posts().getLast().data().getLong("version")).isEqualTo(3);
        assertThat(fixture.count("SELECT (drifted_at IS NULL)::int FROM policy_state"))
                .isEqualTo(1);
        try {
            assertThat(TestDatabase.rows(
                            fixture.config, "SELECT data->>'reason' FROM event WHERE type = 'policy.lost'"))
                    .containsExactly(reason);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        await(gateway.reconcile());
        assertThat(posts()).hasSize(2);
    }

    private List<Receiver.Got> posts() {
        return network.got().stream().filter(got -> got.path().equals("/hook")).toList();
    }

    private int confirmed() {
        return fixture.count("SELECT confirmed_version::int FROM policy_state");
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }
}

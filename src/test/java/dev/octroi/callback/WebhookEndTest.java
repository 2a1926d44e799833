package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.webhook.WebhookRecovery;
import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an endpoint ends that fails for long, and what a receiver says about when to come again. */
class WebhookEndTest {
    private static final String TYPE = "usage.threshold_reached";

    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private Callbacks gateway;

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        // The schedule of three days in a few seconds.
        fixture.scale = 0.000_01;
    }

    @AfterEach
    void close() throws Exception {
        await(gateway.stop());
        fixture.close();
    }

    @Test
    void anEndpointThatFailsForLongIsDisabledAndTheOthersAndTheFeedAreTold() throws Exception {
        start();
        Receiver failing = fixture.reseller();
        Receiver good = fixture.reseller();
        long bad = register(failing);
        register(good);
        failing.answers((request, got) -> request.response().setStatusCode(503).end());
        fixture.raise(fixture.ids.next(), TYPE, new JsonObject());
        eventually(() -> assertThat(types(good)).contains("webhook.disabled"));

        assertThat(types(failing).stream().filter(TYPE::equals))
                .as("the first attempt and the nine of the schedule")
                .hasSize(10);
        Receiver.Got notice = good.got().stream()
                .filter(got -> got.body().getString("type").equals("webhook.disabled"))
                .findFirst()
                .orElseThrow();
        assertThat(notice.data().getString("webhook")).isEqualTo(PublicId.WEBHOOK.format(bad));
        assertThat(notice.data().getString("reason")).isEqualTo("last answer: status 503");
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'webhook.disabled'"))
                .isEqualTo(1);
        assertThat(state(bad)).isEqualTo("disabled");

        int before = failing.got().size();
        fixture.raise(fixture.ids.next(), TYPE, new JsonObject());
        eventually(() -> assertThat(types(good).stream().filter(TYPE::equals)).hasSize(2));
        assertThat(failing.got()).as("it is not called any more").hasSize(before);
    }

    @Test
    void anEndpointThatSaysGoneIsDisabledAtOnce() throws Exception {
        start();
        Receiver gone = fixture.reseller();
        long endpoint = register(gone);
        gone.answers((request, got) -> request.response().setStatusCode(410).end());
        fixture.raise(fixture.ids.next(), TYPE, new JsonObject());
        eventually(() -> assertThat(state(endpoint)).isEqualTo("disabled"));
        assertThat(types(gone).stream().filter(TYPE::equals)).hasSize(1);
    }

    /** They are tried again like a failure, and end like one. */
    @ParameterizedTest
    @ValueSource(ints = {408, 409, 425})
    void anEndpointThatIsInTheWayOfItsOwnForLongIsDisabled(int status) throws Exception {
        start();
        Receiver busy = fixture.reseller();
        long endpoint = register(busy);
        busy.answers((request, got) -> request.response().setStatusCode(status).end());
        fixture.raise(fixture.ids.next(), TYPE, new JsonObject());
        eventually(() -> assertThat(state(endpoint)).isEqualTo("disabled"));
        assertThat(types(busy).stream().filter(TYPE::equals)).hasSize(10);
    }

    @Test
    void oneMessageThatIsRefusedDoesNotDisableTheEndpoint() throws Exception {
        start();
        Receiver choosy = fixture.reseller();
        long endpoint = register(choosy);
        choosy.answers((request, got) -> request.response().setStatusCode(400).end());
        fixture.raise(fixture.ids.next(), TYPE, new JsonObject());
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'dead'"))
                .isEqualTo(1));
        assertThat(state(endpoint)).isEqualTo("active");
    }

    @Test
    void aMessageThatIsSentAgainHasItsWholeScheduleBeforeItEndsTheEndpointAnew() throws Exception {
        start();
        Receiver failing = fixture.reseller();
        long endpoint = register(failing);
        failing.answers((request, got) -> request.response().setStatusCode(503).end());
        fixture.raise(fixture.ids.next(), TYPE, new JsonObject());
        eventually(() -> assertThat(state(endpoint)).isEqualTo("disabled"));
        String event = failing.got().stream()
                .filter(got -> TYPE.equals(got.body().getString("type")))
                .findFirst()
                .orElseThrow()
                .id();
        Webhooks webhooks = gateway.webhooks();
        Optional<WebhookRecovery> enabled = await(fixture.database.inTenant(
                CallbackFixture.TENANT,
                connection -> webhooks.enable(connection, CallbackFixture.TENANT, endpoint, Optional.empty())));
        assertThat(enabled).isPresent();
        boolean again = await(fixture.database.inTenant(
                CallbackFixture.TENANT,
                connection -> webhooks.replay(
                        connection,
                        CallbackFixture.TENANT,
                        endpoint,
                        PublicId.EVENT.parse(event).orElseThrow())));
        webhooks.nudge();
        assertThat(again).isTrue();
        eventually(() -> assertThat(state(endpoint)).isEqualTo("disabled"));
        assertThat(types(failing).stream().filter(TYPE::equals))
                .as("ten attempts, and ten more")
                .hasSize(20);
    }

    @Test
    void retryAfterIsHeardAndTheMessageComesAgainUnderItsId() throws Exception {
        start();
        Receiver busy = fixture.reseller();
        register(busy);
        List<Instant> came = new CopyOnWriteArrayList<>();
        busy.answers((request, got) -> {
            came.add(Instant.now());
            if (came.size() == 1) {
                request.response()
                        .setStatusCode(429)
                        .putHeader("Retry-After", "2")
                        .end();
            } else {
                request.response().setStatusCode(204).end();
            }
        });
        fixture.raise(fixture.ids.next(), TYPE, new JsonObject());
        eventually(() -> assertThat(came).hasSize(2));
        assertThat(Duration.between(came.get(0), came.get(1))).isGreaterThanOrEqualTo(Duration.ofMillis(1_950));
        List<Receiver.Got> told = busy.got().stream()
                .filter(got -> got.body().getString("type").equals(TYPE))
                .toList();
        assertThat(told.getFirst().id()).isEqualTo(told.getLast().id());
    }

    private void start() throws Exception {
        gateway = fixture.gateway(fixture.vertx, null, null);
        gateway.start();
    }

    private long register(Receiver reseller) {
        return fixture.register(gateway.webhooks(), reseller).webhook().id();
    }

    private String state(long endpoint) {
        return await(gateway.webhooks().find(CallbackFixture.TENANT, endpoint))
                .orElseThrow()
                .state();
    }

    private static List<String> types(Receiver receiver) {
        return receiver.got().stream().map(got -> got.body().getString("type")).toList();
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .untilAsserted(check);
    }
}

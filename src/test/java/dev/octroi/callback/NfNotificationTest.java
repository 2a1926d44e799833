package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notifications to network functions that are away, or send us elsewhere: real receivers over TLS, the real outbox. */
class NfNotificationTest {
    private static final long PARTNER = 5;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private Receiver first;
    private Receiver second;
    private final List<Callbacks> gateways = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        fixture.scale = 0.0001;
        first = fixture.network();
        second = fixture.network();
        fixture.nfMessages = payload -> Optional.of(new NfMessageSource.NfMessage(
                first.url().toString(), true, new JsonObject().put("notificationType", "REAUTHORIZATION")));
    }

    @AfterEach
    void close() throws Exception {
        for (Callbacks gateway : gateways) {
            await(gateway.stop());
        }
        fixture.close();
    }

    @Test
    void aConsumerThatWasAwayForLongIsToldWhenItIsBack() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        first.answers((request, got) -> request.response()
                .setStatusCode(requests.incrementAndGet() <= 25 ? 503 : 204)
                .end());
        start();
        notification();
        until("delivered");
        assertThat(requests.get()).isEqualTo(26);
    }

    @Test
    void aNotificationFollowsItsConsumerToAnotherInstance() throws Exception {
        for (int status : List.of(307, 308)) {
            first.answers(
                    (request, got) -> redirect(request, status, second.url().toString()));
            fixture.nfHosts = url -> url.equals(second.url().toString());
            start();
            notification();
            until("delivered");
        }
        assertThat(first.got()).hasSize(2);
        assertThat(second.got())
                .hasSize(2)
                .allSatisfy(got ->
                        assertThat(got.body().getString("notificationType")).isEqualTo("REAUTHORIZATION"));
    }

    @Test
    void aLocationMayBeAPathOfTheSameInstance() throws Exception {
        first.answers((request, got) -> {
            if (got.path().equals("/hook")) {
                redirect(request, 308, "/moved/here");
            } else {
                request.response().setStatusCode(204).end();
            }
        });
        start();
        notification();
        until("delivered");
        assertThat(first.got()).extracting(Receiver.Got::path).containsExactly("/hook", "/moved/here");
    }

    @Test
    void nobodyIsFollowedTwiceNorToNowhere() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        first.answers((request, got) -> {
            switch (requests.incrementAndGet()) {
                case 1 -> redirect(request, 307, second.url().toString());
                case 2 ->
                    redirect(request, 307, "http://localhost:" + second.url().getPort() + "/hook");
                case 3 -> redirect(request, 307, "https://exa mple/");
                case 4 -> request.response().setStatusCode(307).end();
                default -> request.response().setStatusCode(204).end();
            }
        });
        second.answers((request, got) -> redirect(request, 307, first.url().toString()));
        start();
        notification();
        until("delivered");
        assertThat(first.got()).hasSize(5);
        assertThat(second.got()).hasSize(1);
    }

    @Test
    void aRedirectDoesNotLeadInsideWhereNobodyRegisteredTheHost() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        first.answers((request, got) -> {
            if (requests.incrementAndGet() < 3) {
                redirect(request, 307, second.url().toString());
            } else {
                request.response().setStatusCode(204).end();
            }
        });
        start(false);
        notification();
        until("delivered");
        assertThat(first.got()).hasSize(3);
        assertThat(second.got()).isEmpty();
    }

    @Test
    void aDeadHostDoesNotSlowAnotherOfTheSamePartner() throws Exception {
        fixture.scale = 0.01;
        AtomicInteger asked = new AtomicInteger();
        first.answers((request, got) -> {
            asked.incrementAndGet();
            request.response().setStatusCode(503).end();
        });
        aliveBeside(first.url().toString());
        assertThat(asked.get()).as("while it is known to be dead").isLessThan(100);
    }

    @Test
    void anAddressThatMayNotBeCalledDoesNotSlowAnotherHostOfTheSamePartner() throws Exception {
        fixture.scale = 0.01;
        aliveBeside("http://localhost/nowhere");
    }

    /** Many notifications go nowhere and come again and again; those to another host arrive at once. */
    private void aliveBeside(String dead) throws Exception {
        fixture.nfMessages = payload -> Optional.of(new NfMessageSource.NfMessage(
                payload.getBoolean("abort") ? second.url().toString() : dead, true, new JsonObject()));
        start();
        for (int i = 0; i < 100; i++) {
            notification(false);
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                fixture.count("SELECT coalesce(min(attempts), 0)::int FROM outbox WHERE attempts > 0"))
                        .isGreaterThan(1));
        for (int i = 0; i < 20; i++) {
            notification(true);
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(second.got()).hasSizeGreaterThanOrEqualTo(20));
    }

    private static void redirect(io.vertx.core.http.HttpServerRequest request, int status, String location) {
        request.response().setStatusCode(status).putHeader("Location", location).end();
    }

    private void start() throws Exception {
        start(true);
    }

    private void start(boolean allowLoopback) throws Exception {
        if (gateways.isEmpty()) {
            URI none = null;
            Callbacks gateway = fixture.gateway(fixture.vertx, none, none, allowLoopback);
            gateways.add(gateway);
            gateway.start();
        }
    }

    private void notification() {
        notification(false);
    }

    private void notification(boolean abort) {
        long session = fixture.ids.next();
        fixture.append(new OutboxRow(
                CallbackFixture.TENANT,
                fixture.ids.next((short) (session & 255)),
                Stream.CHARGING,
                PARTNER,
                session,
                1,
                new JsonObject().put("abort", abort),
                CallbackFixture.CLOCK.instant()));
    }

    private void until(String state) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                fixture.count("SELECT count(*)::int FROM outbox WHERE state <> '" + state + "'"))
                        .isZero());
    }
}

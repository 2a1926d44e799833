package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.Message;
import dev.octroi.http.ClientExchange;
import dev.octroi.pki.TrustDomain;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hostile or broken receiver may do to us: nothing beyond its own request. Real servers over real TLS. */
class CallbackClientTest {
    private static final Message MESSAGE = new Message(Map.of("Content-Type", "application/json"), Buffer.buffer("{}"));

    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private CallbackClient client;

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        client = new CallbackClient(
                fixture.vertx,
                new HttpClientOptions()
                        .setTrustOptions(new PemTrustOptions()
                                .addCertPath(fixture.root(TrustDomain.PUBLIC).toString())),
                2);
    }

    @AfterEach
    void close() throws Exception {
        await(client.close());
        fixture.close();
    }

    @Test
    void aRedirectIsAnAnswerAndLeadsNowhere() throws Exception {
        Receiver inside = fixture.reseller();
        Receiver outside = fixture.reseller();
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            outside.answers((request, got) -> request.response()
                    .setStatusCode(status)
                    .putHeader("Location", inside.url().toString())
                    .end());
            assertThat(await(post(outside.url())).status()).isEqualTo(status);
        }
        assertThat(inside.got()).isEmpty();
    }

    @Test
    void theConnectionGoesToTheAddressThatWasCheckedWhateverTheNameResolvesTo() throws Exception {
        Receiver receiver = fixture.reseller();
        InetAddress nobody = InetAddress.ofLiteral("127.0.0.2");
        assertThatThrownBy(() -> await(client.post(receiver.url(), nobody, MESSAGE, 15_000)))
                .as("localhost is 127.0.0.1, where somebody listens")
                .hasMessageContaining("refused");
        assertThat(receiver.got()).isEmpty();
        assertThat(await(client.post(receiver.url(), InetAddress.ofLiteral("127.0.0.1"), MESSAGE, 15_000))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void ofALongAnswerNoMoreThanTheBoundIsRead() throws Exception {
        Receiver receiver = fixture.reseller();
        receiver.answers((request, got) -> request.response().end(Buffer.buffer(new byte[65_536])));
        assertThat(await(post(receiver.url())).body().length()).isEqualTo(65_536);
        receiver.answers((request, got) -> request.response().end(Buffer.buffer(new byte[65_537])));
        assertThatThrownBy(() -> await(post(receiver.url())))
                .hasRootCauseInstanceOf(ClientExchange.AnswerTooLongException.class);
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUpAtTheDeadline() throws Exception {
        Receiver receiver = fixture.reseller();
        receiver.answers((request, got) -> {
            request.response().setChunked(true);
            fixture.vertx.setPeriodic(20, tick -> request.response().write("."));
        });
        Instant before = Instant.now();
        assertThatThrownBy(() -> await(client.post(receiver.url(), null, MESSAGE, 500)))
                .hasRootCauseInstanceOf(TimeoutException.class);
        assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofMillis(490), Duration.ofSeconds(15));
    }

    @Test
    void aReceiverOfAnotherAuthorityIsToldNothing() throws Exception {
        Receiver stranger = new Receiver(fixture.vertx, fixture.server(TrustDomain.NETWORK, "stranger"), null);
        try (stranger) {
            assertThatThrownBy(() -> await(post(stranger.url()))).hasStackTraceContaining("certification path");
            assertThat(stranger.got()).isEmpty();
        }
    }

    private Future<CallbackClient.Answer> post(URI url) {
        return client.post(url, null, MESSAGE, 15_000);
    }
}

package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.telemetry.Metrics;
import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a client may put into the names of time series. */
class FrontMetricsTest {
    private static final Pattern METHOD = Pattern.compile("method=\"([^\"]*)\"");
    private static final int AT_ONCE = 50;
    private static final int ROUNDS = 20;

    @Test
    void methodsThatAClientMakesUpAreOneSeries() throws Exception {
        Metrics metrics = new Metrics();
        Vertx vertx = RequestContext.newVertx(
                new VertxOptions().setMetricsOptions(Metrics.vertxOptions()),
                new MicrometerMetricsFactory(metrics.registry()));
        try {
            Front front = new Front("test", vertx, ConnectionLimits.DEFAULT, new Random(3), System::nanoTime);
            front.router().get("/echo").handler(ctx -> ctx.response().end("here"));
            int port = front.server(ServerOptions.http1("127.0.0.1", 0))
                    .listen()
                    .await(20, TimeUnit.SECONDS)
                    .actualPort();

            int before = metrics.registry().getMeters().size();
            for (int round = 0; round < ROUNDS; round++) {
                ask(port, round);
            }
            assertThat(metrics.registry().getMeters().size() - before)
                    .as("meters of two methods")
                    .isLessThan(40);
            assertThat(methods(metrics.scrape())).containsExactlyInAnyOrder("GET", "other");
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
            metrics.close();
        }
    }

    /** Many methods that nobody knows and one that is known. */
    private static void ask(int port, int round) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < AT_ONCE; i++) {
                requests.append("AAAA%d-%d /echo HTTP/1.1\r\nHost: a\r\n\r\n".formatted(round, i));
            }
            requests.append("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answers.split("HTTP/1.1 405", -1)).hasSize(AT_ONCE + 1);
            assertThat(answers).endsWith("here");
        }
    }

    private static Set<String> methods(String scrape) {
        return METHOD.matcher(scrape).results().map(each -> each.group(1)).collect(Collectors.toSet());
    }
}

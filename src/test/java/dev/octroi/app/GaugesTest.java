package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Gauges that are registered more than once: Micrometer keeps the first and says so. */
class GaugesTest {
    @Test
    void noneOfOursIsRegisteredTwiceAndThoseOfVertxCountAllConnectionsInTheFirst(@TempDir Path data) throws Exception {
        Logger registry = (Logger) LoggerFactory.getLogger(MeterRegistry.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        registry.addAppender(said);
        registry.setLevel(Level.DEBUG);
        registry.setAdditive(false);
        String scrape;
        try (RunningGateway server = new RunningGateway(data)) {
            server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201);
            scrape = scrape(server.gateway.port("management"));
        } finally {
            registry.detachAppender(said);
            registry.setLevel(null);
            registry.setAdditive(true);
        }
        List<String> twice =
                said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(twice).allSatisfy(message -> assertThat(message).contains("name='vertx."));
        assertThat(twice)
                .as("several connections of one client, in one gauge")
                .anySatisfy(message -> assertThat(message).contains("name='vertx.net.client.active.connections'"));
        assertThat(value(scrape, "vertx_net_client_active_connections")).isGreaterThan(1);
    }

    @Test
    void whatVertxRegistersForEachConnectionAnewIsNoWarningInTheLog() throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Gateway.class.getResource("/logback.xml"));
        assertThat(context.getLogger(MeterRegistry.class).isWarnEnabled()).isFalse();
        assertThat(context.getLogger("dev.octroi").isInfoEnabled()).isTrue();
        context.stop();
    }

    private static String scrape(int port) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static double value(String scrape, String name) {
        return scrape.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}

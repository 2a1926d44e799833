package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Paths carry the keys to travellers' pages and identifiers; the log of requests must not. */
class AccessLogTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("octroi.access");

    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();
    private final Vertx vertx = RequestContext.newVertx(new VertxOptions());
    private final Level level = LOG.getLevel();

    @BeforeEach
    void listen() {
        heard.start();
        LOG.setLevel(Level.INFO);
        LOG.addAppender(heard);
    }

    @AfterEach
    void stop() throws Exception {
        LOG.detachAppender(heard);
        LOG.setLevel(level);
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void aRequestIsALineWithItsTemplateAndNothingOfItsPathOrQuery() throws Exception {
        Front front = new Front("public", vertx, ConnectionLimits.DEFAULT, new Random(3), System::nanoTime);
        front.router()
                .get("/s/:token")
                .handler(ctx -> ctx.response().setStatusCode(204).end());
        int port = front.server(ServerOptions.http1("127.0.0.1", 0))
                .listen()
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        WebClient client = WebClient.create(vertx);
        for (String path : List.of("/s/oct_a-key-to-a-page?lang=secret", "/nowhere/oct_a-key-to-a-page")) {
            client.get(port, "127.0.0.1", path).send().await(20, TimeUnit.SECONDS);
        }
        Awaitility.await().until(() -> lines().size() == 2);
        assertThat(lines())
                .allSatisfy(line -> assertThat(line).doesNotContain("a-key-to-a-page", "secret", "nowhere"))
                .anySatisfy(line -> assertThat(line).contains("public GET /s/:token -> 204"));
    }

    private List<String> lines() {
        return List.copyOf(heard.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}

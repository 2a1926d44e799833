package dev.octroi.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogAppenderTest {
    private final Pipe pipe = new Pipe();
    private final LogAppender appender = new LogAppender(pipe);
    private final LoggerContext context = new LoggerContext();
    private Logger log;

    @BeforeEach
    void start() {
        appender.setContext(context);
        appender.start();
        log = context.getLogger("test");
        log.addAppender(appender);
    }

    @AfterEach
    void stop() {
        pipe.open();
        appender.stop();
    }

    @Test
    void readerThatReadsNothingStopsNobodyWhoLogs() throws Exception {
        CompletableFuture<Void> logged = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100_000; i++) {
                log.info("line {}", i);
            }
            log.warn("a warning");
            log.error("an error");
        });
        logged.get(20, TimeUnit.SECONDS);
        assertThat(appender.dropped(LogUrgency.INFO)).isBetween(90_000L, 99_000L);
        assertThat(appender.dropped(LogUrgency.WARN)).isZero();
        assertThat(appender.dropped(LogUrgency.ERROR)).isZero();

        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        appender.count(registry);
        assertThat(registry.get("octroi.log.dropped")
                        .tag("level", "info")
                        .functionCounter()
                        .count())
                .isGreaterThan(90_000);

        pipe.open();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(pipe.lines())
                        .anySatisfy(line -> assertThat(line).contains("a warning"))
                        .anySatisfy(line -> assertThat(line).contains("an error"))
                        .anySatisfy(line -> assertThat(line).matches(".*\"9\\d{4} log lines were dropped.*")));
    }

    @Test
    void manyBytesAreDroppedAsManyLinesAre() {
        for (int i = 0; i < 2_000; i++) {
            log.info("x".repeat(8_000));
        }
        assertThat(appender.dropped(LogUrgency.INFO)).isGreaterThan(500);
    }

    @Test
    void stoppingWaitsForAReaderForASecondOnly() throws Exception {
        log.info("never read");
        CompletableFuture.runAsync(appender::stop).get(20, TimeUnit.SECONDS);
    }

    @Test
    void oneErrorWaitsForTheReaderAndTheNextOnesDoNot() throws Exception {
        CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 50; i++) {
                        log.error("error {}", i);
                    }
                })
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void anErrorIsWrittenWhenItsLogCallReturns() {
        pipe.open();
        log.info("before");
        log.error("the end");
        assertThat(pipe.lines()).hasSize(2).last().asString().contains("the end");
    }

    @Test
    void stoppingWritesAllInOrder() {
        pipe.open();
        for (int i = 0; i < 1_000; i++) {
            log.info("line {}.", i);
        }
        appender.stop();
        assertThat(pipe.lines()).hasSize(1_000);
        assertThat(pipe.lines().get(567)).contains("line 567.");
    }

    @Test
    void requestIsNamedThoughAnotherThreadWrites() throws Exception {
        pipe.open();
        Vertx vertx = RequestContext.newVertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            CompletableFuture<Void> logged = new CompletableFuture<>();
            ((ContextInternal) vertx.getOrCreateContext()).duplicate().runOnContext(run -> {
                RequestContext.set("request-7");
                log.error("of a request");
                logged.complete(null);
            });
            logged.get(10, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
        assertThat(pipe.lines()).first().asString().contains("\"requestId\":\"request-7\"");
    }

    /** A pipe that is full until it is opened. */
    private static final class Pipe extends OutputStream {
        private final CountDownLatch opened = new CountDownLatch(1);
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();

        void open() {
            opened.countDown();
        }

        List<String> lines() {
            return read.toString(StandardCharsets.UTF_8).lines().toList();
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            try {
                opened.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            read.write(bytes, from, length);
        }
    }
}

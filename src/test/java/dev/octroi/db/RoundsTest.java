package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Duration PERIOD = Duration.ofMillis(2);

    private final Vertx vertx = Vertx.vertx();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void noRoundBeginsBeforeTheOneBeforeHasEnded() {
        AtomicInteger periods = new AtomicInteger();
        Promise<Void> first = Promise.promise();
        try (Rounds rounds = rounds(first::future)) {
            rounds.startNow();
            vertx.setPeriodic(PERIOD.toMillis(), tick -> periods.incrementAndGet());
            await().until(() -> periods.get() > 20);
            assertThat(begun).hasValue(1);
            first.complete();
            await().until(() -> begun.get() > 2);
        }
    }

    @Test
    void aRoundThatFailsIsToldAndComesAgain() {
        try (Rounds rounds = rounds(() -> Future.failedFuture("no database"))) {
            rounds.start();
            await().until(() -> begun.get() > 2);
        }
        assertThat(failures).contains("no database");
    }

    @Test
    void aRoundThatThrowsIsToldAndComesAgain() {
        try (Rounds rounds = rounds(() -> {
            throw new IllegalStateException("a fault of ours");
        })) {
            rounds.start();
            await().until(() -> begun.get() > 2);
        }
        assertThat(failures).contains("a fault of ours");
    }

    @Test
    void aRoundThatEndsInAnErrorIsToldAndComesAgain() {
        try (Rounds rounds = rounds(() -> {
            throw new StackOverflowError("too deep");
        })) {
            rounds.start();
            await().until(() -> begun.get() > 2);
        }
        assertThat(failures).contains("too deep");
    }

    @Test
    void noneBeginsOnceItIsClosed() {
        AtomicInteger periods = new AtomicInteger();
        Rounds rounds = rounds(Future::succeededFuture);
        rounds.start();
        await().until(() -> begun.get() > 0);
        rounds.close();
        // A round that was due already may still begin.
        vertx.setTimer(1, last -> vertx.setPeriodic(PERIOD.toMillis(), tick -> periods.incrementAndGet()));
        await().until(() -> periods.get() > 0);
        int last = begun.get();
        await().until(() -> periods.get() > 20);
        assertThat(begun).hasValue(last);
    }

    private Rounds rounds(Supplier<Future<Void>> work) {
        return new Rounds(
                vertx,
                PERIOD,
                () -> {
                    begun.incrementAndGet();
                    return work.get();
                },
                failure -> failures.add(failure.getMessage()));
    }
}

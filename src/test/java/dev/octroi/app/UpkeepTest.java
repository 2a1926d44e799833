package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.db.Rounds;
import dev.octroi.rsp.order.Downloads;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpkeepTest {
    private static final Duration PERIOD = Duration.ofMillis(2);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void whileProfilesAreProtectedNoSecondRoundBeginsAndAFullOneIsFollowedAtOnce() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger periods = new AtomicInteger();
        AtomicReference<Promise<Integer>> underWay = new AtomicReference<>();
        try (Rounds rounds = Upkeep.protecting(vertx, PERIOD, () -> {
            Promise<Integer> promise = Promise.promise();
            underWay.set(promise);
            begun.incrementAndGet();
            return promise.future();
        })) {
            rounds.startNow();
            vertx.setPeriodic(PERIOD.toMillis(), tick -> periods.incrementAndGet());
            await().until(() -> periods.get() > 20);
            assertThat(begun).hasValue(1);

            for (int i = 2; i <= 5; i++) {
                underWay.get().complete(Downloads.PROTECTED_AT_ONCE);
                int next = i;
                await().until(() -> begun.get() == next);
                int seen = periods.get();
                await().until(() -> periods.get() > seen + 10);
                assertThat(begun).hasValue(next);
            }
            underWay.get().complete(0);
            await().until(() -> begun.get() == 6);
        }
    }

    @Test
    void aBatchOfAnyLengthIsFollowedByTheNextRound() {
        int many = 50_000;
        AtomicInteger begun = new AtomicInteger();
        try (Rounds rounds = Upkeep.protecting(vertx, PERIOD, () -> {
            Promise<Integer> promise = Promise.promise();
            int looked = begun.incrementAndGet() < many ? Downloads.PROTECTED_AT_ONCE : 0;
            vertx.runOnContext(go -> promise.complete(looked));
            return promise.future();
        })) {
            rounds.startNow();
            await().atMost(Duration.ofSeconds(60)).until(() -> begun.get() > many);
        }
    }
}

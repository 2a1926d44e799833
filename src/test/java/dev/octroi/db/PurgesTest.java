package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PurgesTest {
    private final AtomicBoolean clock = new AtomicBoolean(true);
    private final AtomicInteger rounds = new AtomicInteger();

    @Test
    void purgeThatFailsLeavesTheOthersToRun() {
        Purges purges = new Purges(clock::get)
                .add("one", () -> Future.failedFuture("canceling statement due to statement timeout"))
                .add("two", () -> {
                    throw new IllegalStateException("at once");
                })
                .add("three", () -> Future.succeededFuture(7));
        assertThat(purges.run().result()).isEqualTo(7);
        assertThat(purges.run().result()).isEqualTo(7);
    }

    @Test
    void roundsDoNotMeetAndNothingIsForgottenByAWrongClock() {
        Promise<Integer> slow = Promise.promise();
        Purges purges = new Purges(clock::get).add("slow", () -> {
            rounds.incrementAndGet();
            return slow.future();
        });
        clock.set(false);
        purges.run();
        assertThat(rounds).hasValue(0);
        clock.set(true);
        Future<Integer> first = purges.run();
        assertThat(purges.run().result()).isZero();
        slow.complete(3);
        assertThat(first.result()).isEqualTo(3);
        assertThat(rounds).hasValue(1);
    }
}

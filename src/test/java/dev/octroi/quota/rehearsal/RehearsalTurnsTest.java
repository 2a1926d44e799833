package dev.octroi.quota.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RehearsalTurnsTest {
    private final RehearsalTurns turns = new RehearsalTurns();

    @Test
    void aTenantHasOneAtATimeAndAGatewayTwo() {
        Promise<String> first = Promise.promise();
        Promise<String> second = Promise.promise();
        Future<String> ofOne = turns.take(1, first::future);
        assertThat(turns.take(1, second::future).cause()).isInstanceOf(RejectedExecutionException.class);
        Future<String> ofTwo = turns.take(2, second::future);
        assertThat(turns.take(3, second::future).failed()).isTrue();
        first.complete("done");
        assertThat(ofOne.result()).isEqualTo("done");
        assertThat(turns.take(1, second::future).isComplete())
                .as("its turn again")
                .isFalse();
        second.fail("over");
        assertThat(ofTwo.failed()).isTrue();
        assertThat(turns.take(2, () -> Future.succeededFuture("again")).result())
                .as("one that fails gives its turn back")
                .isEqualTo("again");
        assertThat(turns.<String>take(2, () -> {
                            throw new IllegalStateException("thrown");
                        })
                        .failed())
                .isTrue();
        assertThat(turns.take(2, () -> Future.succeededFuture("again")).result())
                .as("and so does one that throws")
                .isEqualTo("again");
    }
}

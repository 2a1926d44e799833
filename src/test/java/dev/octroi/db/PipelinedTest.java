package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class PipelinedTest {
    private final IllegalStateException first = new IllegalStateException("first");
    private final IllegalStateException second = new IllegalStateException("second");

    @Test
    void failureIsToldOnlyWhenTheLastHasEnded() {
        Promise<Void> open = Promise.promise();
        Future<Void> all = Pipelined.all(Future.failedFuture(first), open.future());
        assertThat(all.isComplete()).isFalse();
        open.complete();
        assertThat(all.cause()).isSameAs(first);
    }

    @Test
    void firstInOrderIsTheCauseWhicheverFailedEarlier() {
        Promise<Void> late = Promise.promise();
        Future<Void> all = Pipelined.all(late.future(), Future.failedFuture(second));
        late.fail(first);
        assertThat(all.cause()).isSameAs(first);
    }

    @Test
    void allThatSucceedSucceed() {
        assertThat(Pipelined.all(Future.succeededFuture(1), Future.succeededFuture())
                        .succeeded())
                .isTrue();
    }
}

package dev.octroi.notice;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long one round goes on. */
class NoticeSenderTest {
    @Test
    void aRoundEndsHoweverMuchIsThere() {
        AtomicInteger passes = new AtomicInteger();
        assertThat(NoticeSender.repeat(NoticeSender.PER_ROUND, () -> {
                            passes.incrementAndGet();
                            return Future.succeededFuture(true);
                        })
                        .succeeded())
                .isTrue();
        assertThat(passes).hasValue(NoticeSender.PER_ROUND);
    }

    @Test
    void aRoundEndsWhereNothingMoreIsThere() {
        AtomicInteger passes = new AtomicInteger();
        NoticeSender.repeat(NoticeSender.PER_ROUND, () -> Future.succeededFuture(passes.incrementAndGet() < 3));
        assertThat(passes).hasValue(3);
    }
}

package dev.octroi.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.call.HostNames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names of which some have name servers that do not answer. */
class HostNamesTest {
    private static final int MAX_WAITING = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final HostNames names = new HostNames(vertx, "names of a test", 2, host -> {
        if (host.equals("deaf.example")) {
            asked.incrementAndGet();
            answered.await();
        }
        return List.of(InetAddress.getLoopbackAddress());
    });

    @AfterEach
    void close() {
        answered.countDown();
        CallbackFixture.await(vertx.close());
    }

    @Test
    void aNameWithoutAnAnswerTakesOneThreadHoweverOftenItIsAsked() {
        List<Future<List<InetAddress>>> waiting =
                List.of(names.all("deaf.example"), names.all("deaf.example"), names.all("deaf.example"));
        assertThat(names.all("good.example").toCompletionStage().toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(20));
        assertThat(waiting).noneMatch(Future::isComplete);
        answered.countDown();
        waiting.forEach(each ->
                assertThat(each.toCompletionStage().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20)));
        assertThat(asked).hasValue(1);
    }

    @Test
    void moreNamesThanThereIsRoomForAreRefusedAtOnce() {
        HostNames deaf = new HostNames(vertx, "deaf names of a test", 1, host -> {
            answered.await();
            return List.of(InetAddress.getLoopbackAddress());
        });
        List<Future<List<InetAddress>>> all = IntStream.rangeClosed(0, MAX_WAITING + 1)
                .mapToObj(number -> deaf.all("deaf-" + number + ".example"))
                .toList();
        assertThat(all.getLast().toCompletionStage().toCompletableFuture()).failsWithin(Duration.ofSeconds(20));
        assertThat(all.subList(0, MAX_WAITING + 1)).noneMatch(Future::isComplete);
    }

    @Test
    void aNameWhoseLookUpEndedInAnErrorIsLookedUpAgain() {
        AtomicInteger times = new AtomicInteger();
        HostNames broken = new HostNames(vertx, "broken names of a test", 1, host -> {
            if (times.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("resolver");
            }
            return List.of(InetAddress.getLoopbackAddress());
        });
        assertThat(broken.all("a.example").toCompletionStage().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20));
        assertThat(broken.all("a.example").toCompletionStage().toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void itIsAskedAnewWhenTheOneBeforeIsDone() {
        answered.countDown();
        CallbackFixture.await(names.all("deaf.example"));
        CallbackFixture.await(names.all("deaf.example"));
        assertThat(asked).hasValue(2);
    }
}

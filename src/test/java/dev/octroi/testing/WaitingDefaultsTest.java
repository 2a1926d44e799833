package dev.octroi.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingDefaultsTest {
    @Test
    void waitIsNotFailedByAThreadThatAnotherTestLeftBehind() {
        Thread other = Thread.ofPlatform().unstarted(() -> {
            throw new IllegalStateException("left behind by another test");
        });
        other.setUncaughtExceptionHandler(null);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    if (other.getState() == Thread.State.NEW) {
                        other.start();
                    }
                    assertThat(other.getState()).isEqualTo(Thread.State.TERMINATED);
                });
    }
}

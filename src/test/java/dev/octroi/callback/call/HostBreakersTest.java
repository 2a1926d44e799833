package dev.octroi.callback.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HostBreakersTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-30T12:00:00Z"));
    private final HostBreakers hosts = new HostBreakers(1, now::get);

    @Test
    void aHostThatNobodyAsksAnyMoreIsNoneThatIsKnownToBeDead() {
        fail("pcf-1");
        assertThat(hosts.open()).isEqualTo(1);
        now.updateAndGet(at -> at.plus(Duration.ofMinutes(9)));
        assertThat(hosts.open()).isEqualTo(1);
        now.updateAndGet(at -> at.plus(Duration.ofHours(1)));
        assertThat(hosts.open()).isZero();
        assertThat(hosts.remembered()).isZero();
    }

    @Test
    void deadHostsAreRememberedUpToABound() {
        for (int i = 0; i < 2_000; i++) {
            fail("pcf-" + i);
        }
        assertThat(hosts.remembered()).isLessThanOrEqualTo(1_000);
        assertThat(hosts.open()).isPositive();
    }

    private void fail(String host) {
        for (int i = 0; i < 5; i++) {
            hosts.call(URI.create("https://" + host + ":8443/notify"), () -> Future.failedFuture("refused"));
        }
    }
}

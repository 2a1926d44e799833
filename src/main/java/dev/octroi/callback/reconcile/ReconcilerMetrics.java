package dev.octroi.callback.reconcile;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the reconciler tells the metrics: policies that the network has not confirmed, by age, and what was done. */
final class ReconcilerMetrics {
    private final InstantSource clock;
    private final AtomicLong fresh = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicLong escalated = new AtomicLong();
    private final Map<Drift.Cause, Counter> repairs = new EnumMap<>(Drift.Cause.class);
    private final Counter escalations;
    private volatile @Nullable Instant oldest;

    ReconcilerMetrics(MeterRegistry registry, InstantSource clock) {
        this.clock = clock;
        registry.gauge("octroi.policy.unconfirmed", Tags.of("age", "fresh"), fresh);
        registry.gauge("octroi.policy.unconfirmed", Tags.of("age", "late"), late);
        registry.gauge("octroi.policy.unconfirmed", Tags.of("age", "escalated"), escalated);
        registry.gauge("octroi.policy.unconfirmed.oldest.seconds", this, ReconcilerMetrics::oldestSeconds);
        for (Drift.Cause cause : Drift.Cause.values()) {
            repairs.put(cause, registry.counter("octroi.policy.repairs", "cause", cause.word()));
        }
        escalations = registry.counter("octroi.policy.escalations");
    }

    void repaired(Drift.Cause cause) {
        Counter counter = repairs.get(cause);
        if (counter != null) {
            counter.increment();
        }
    }

    void escalated(int policies) {
        escalations.increment(policies);
    }

    void counted(DriftStore.Unconfirmed unconfirmed) {
        fresh.set(unconfirmed.fresh());
        late.set(unconfirmed.late());
        escalated.set(unconfirmed.escalated());
        oldest = unconfirmed.oldest();
    }

    private double oldestSeconds() {
        Instant since = oldest;
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1_000.0);
    }
}

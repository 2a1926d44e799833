package dev.octroi.callback.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the dispatcher tells the metrics. Tags carry the stream and a result, never an identifier. */
public final class DispatchMetrics {
    private final MeterRegistry registry;
    private final Map<Stream, Timer> firstAttempt = new EnumMap<>(Stream.class);
    private final Map<Stream, Timer> confirmed = new EnumMap<>(Stream.class);
    private final Map<Stream, AtomicLong> pending = new EnumMap<>(Stream.class);
    private final AtomicInteger openBreakers;

    public DispatchMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Stream stream : Stream.values()) {
            firstAttempt.put(
                    stream,
                    timer(
                            "octroi.callback.first.attempt",
                            "From the decision to the first attempt to tell it",
                            stream));
            confirmed.put(
                    stream,
                    timer("octroi.callback.confirm", "From the decision to the receiver's confirmation", stream));
            AtomicLong rows = new AtomicLong();
            pending.put(stream, rows);
            registry.gauge("octroi.callback.unconfirmed", Tags.of("stream", stream.sqlName()), rows);
        }
        openBreakers = registry.gauge("octroi.callback.breakers.open", new AtomicInteger());
    }

    void attempted(Attempt attempt) {
        ClaimedRow row = attempt.row();
        registry.counter(
                        "octroi.callback.attempts",
                        "stream",
                        row.stream().sqlName(),
                        "result",
                        attempt.result().state())
                .increment();
        Duration waited = Duration.between(row.createdAt(), attempt.at());
        if (row.firstAttempt()) {
            record(firstAttempt.get(row.stream()), waited);
        }
        if (attempt.result() == Attempt.Result.DELIVERED) {
            record(confirmed.get(row.stream()), waited.plusMillis(attempt.durationMs()));
        }
    }

    /** A policy was confirmed by other means than the answer to its delivery. */
    public void proved(Duration sinceDecision) {
        record(confirmed.get(Stream.NETWORK), sinceDecision);
    }

    private static void record(@Nullable Timer timer, Duration waited) {
        if (timer != null && !waited.isNegative()) {
            timer.record(waited);
        }
    }

    private Timer timer(String name, String description, Stream stream) {
        return Timer.builder(name)
                .description(description)
                .tag("stream", stream.sqlName())
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(60))
                .register(registry);
    }

    void backlog(Map<Stream, Long> rows) {
        pending.forEach((stream, gauge) -> gauge.set(rows.getOrDefault(stream, 0L)));
    }

    void breakers(int open) {
        if (openBreakers != null) {
            openBreakers.set(open);
        }
    }
}

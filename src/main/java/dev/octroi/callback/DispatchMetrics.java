package dev.octroi.callback;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the dispatcher tells the metrics. Tags carry the stream and a result, never an identifier. */
final class DispatchMetrics {
    private final MeterRegistry registry;
    private final Map<Stream, Timer> firstAttempt = new EnumMap<>(Stream.class);
    private final Map<Stream, AtomicLong> pending = new EnumMap<>(Stream.class);
    private final AtomicInteger openBreakers;

    DispatchMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Stream stream : Stream.values()) {
            firstAttempt.put(
                    stream,
                    Timer.builder("octroi.callback.first.attempt")
                            .description("From the decision to the first attempt to tell it")
                            .tag("stream", stream.sqlName())
                            .publishPercentileHistogram()
                            .minimumExpectedValue(Duration.ofMillis(1))
                            .maximumExpectedValue(Duration.ofSeconds(60))
                            .register(registry));
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
        if (row.firstAttempt()) {
            Duration waited = Duration.between(row.createdAt(), attempt.at());
            Timer timer = firstAttempt.get(row.stream());
            if (timer != null && !waited.isNegative()) {
                timer.record(waited);
            }
        }
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

package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** How messages to travellers fare; tags carry a result, never whom or what. */
final class NoticeMetrics {
    private final MeterRegistry registry;
    private final Timer sent;

    NoticeMetrics(MeterRegistry registry) {
        this.registry = requireNonNull(registry, "registry is null");
        this.sent = Timer.builder("octroi.notice.delay")
                .description("From what happened to the mail server's word that it has the message")
                .register(registry);
    }

    void read(int events) {
        registry.counter("octroi.notices.found").increment(events);
    }

    void ended(NoticeStore.End end, Duration age) {
        count(end.name().toLowerCase(Locale.ROOT));
        if (end == NoticeStore.End.SENT) {
            sent.record(age);
        }
    }

    void putDown() {
        count("again");
    }

    private void count(String result) {
        registry.counter("octroi.notices", "result", result).increment();
    }
}

package dev.octroi.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineEntryTest {

    @Test
    void decisionsSayWhatHoldsAndWhy() {
        TimelineEntry slowed =
                entry("policy.decided", Map.of("level", "throttled", "downKbps", 384, "reason", "plan.quota_used"));
        assertThat(slowed.kind()).isEqualTo("decision");
        assertThat(slowed.summary()).isEqualTo("Slowed to 384 kbit/s: plan quota used");
        assertThat(entry("policy.decided", Map.of("level", "normal", "reason", "none"))
                        .summary())
                .isEqualTo("Full speed again");
    }

    @Test
    void stepsOfADownloadSayWhyTheyFailed() {
        assertThat(entry("profile.download_progress", Map.of("step", "authenticated", "ok", true))
                        .summary())
                .isEqualTo("Authenticated");
        TimelineEntry failed =
                entry("profile.download_progress", Map.of("step", "downloaded", "ok", false, "refusal", "Wrong code"));
        assertThat(failed.kind()).isEqualTo("download");
        assertThat(failed.summary()).isEqualTo("Downloaded, failed: Wrong code");
    }

    @Test
    void volumesAreWrittenForPeople() {
        assertThat(entry("top_up.applied", Map.of("bytes", 1_000_000_000L)).summary())
                .isEqualTo("1 GB added");
        assertThat(entry("usage.threshold_reached", Map.of("percent", 80)).summary())
                .isEqualTo("80 % of the volume used");
    }

    @Test
    void unknownTypesAreNamedAndNotLost() {
        TimelineEntry entry = entry("lottery.ticket_drawn", Map.of());
        assertThat(entry.kind()).isEqualTo("lottery");
        assertThat(entry.summary()).isEqualTo("Lottery ticket drawn");
    }

    private static TimelineEntry entry(String type, Map<String, Object> data) {
        return new TimelineEntry(1, Instant.EPOCH, type, data);
    }
}

package dev.octroi.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.quota.account.UsagePoint;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How usage is added up to bars. */
class UsageBarsTest {
    private static final Instant HOUR = Instant.parse("2026-11-23T10:00:00Z");
    private static final List<UsagePoint> POINTS = List.of(
            point("zone_a", "web", "208-01", 1), point("FR", "web", "208-01", 2), point("FR", "video", "208-10", 4));

    @Test
    void barsAreSplitBySeveralAtOnceAndTheCountryIsThatOfTheNetwork() {
        JsonArray bars = UsageBars.items(POINTS, "country,network,category");
        assertThat(bars).hasSize(2);
        assertThat(bars.getJsonObject(0).getString("country")).isEqualTo("FR");
        assertThat(bars.getJsonObject(0).getString("network")).isEqualTo("208-01");
        assertThat(bars.getJsonObject(0).getJsonObject("volume").getLong("bytes"))
                .as("inside and outside the zone")
                .isEqualTo(3);
        assertThat(bars.getJsonObject(1).getString("category")).isEqualTo("video");
    }

    @Test
    void everySplitAddsUpToTheSame() {
        for (String groupBy : List.of("none", "zone", "country", "category,zone", "zone,category,network,country")) {
            JsonArray bars = UsageBars.items(POINTS, groupBy);
            long sum = 0;
            for (int i = 0; i < bars.size(); i++) {
                sum += bars.getJsonObject(i).getJsonObject("volume").getLong("bytes");
            }
            assertThat(sum).as(groupBy).isEqualTo(7);
        }
    }

    private static UsagePoint point(String zone, String category, String plmn, long bytes) {
        return new UsagePoint(HOUR, HOUR.plusSeconds(3_600), zone, category, plmn, 0, bytes);
    }
}

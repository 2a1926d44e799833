package dev.octroi.quota.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenHoursTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void openAndClosedHoursTogetherAreAllUseInAnyHistory() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            OpenHours open = OpenHours.NONE;
            Map<OpenHours.Where, Long> expected = new HashMap<>();
            Map<OpenHours.Where, Long> found = new HashMap<>();
            for (int batch = 0; batch < 20; batch++) {
                List<Effect.HourlyUsage> use = new ArrayList<>();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    use.add(use(batch / 4 - random.nextInt(3), random));
                }
                use.forEach(each -> expected.merge(where(each), each.upBytes() + each.downBytes(), Long::sum));
                OpenHours.Added added = open.add(use);
                added.closed().forEach(sum -> found.merge(sum.where(), sum.upBytes() + sum.downBytes(), Long::sum));
                open = OpenHours.read(added.open().write());
                assertThat(open).as("seed %d", seed).isEqualTo(added.open());
                assertThat(open.sums()).hasSizeLessThanOrEqualTo(OpenHours.MAX_PLACES);
            }
            open.sums().forEach(sum -> found.merge(sum.where(), sum.upBytes() + sum.downBytes(), Long::sum));
            assertThat(found).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void anHourIsClosedWhenALaterOneBegins() {
        OpenHours open = OpenHours.NONE.add(List.of(at(START, "FR", 5))).open();
        OpenHours.Added next = open.add(List.of(at(START.plus(1, ChronoUnit.HOURS), "FR", 7)));
        assertThat(next.closed()).extracting(OpenHours.Sum::hour).containsExactly(START);
        assertThat(next.open().sums()).extracting(OpenHours.Sum::downBytes).containsExactly(7L);
    }

    @Test
    void aLateRecordIsNotKeptOpen() {
        OpenHours open = OpenHours.NONE.add(List.of(at(START, "FR", 5))).open();
        OpenHours.Added late = open.add(List.of(at(START.minus(5, ChronoUnit.HOURS), "FR", 7)));
        assertThat(late.closed()).extracting(OpenHours.Sum::downBytes).containsExactly(7L);
        assertThat(late.open()).isEqualTo(open);
    }

    @Test
    void aZoneWhoseNameWouldBreakTheFormIsClosedAtOnce() {
        OpenHours.Added added = OpenHours.NONE.add(List.of(at(START, "a\u001fb", 5), at(START, "a\nb", 6)));
        assertThat(added.open()).isEqualTo(OpenHours.NONE);
        assertThat(added.closed()).hasSize(2);
    }

    private static Effect.HourlyUsage at(Instant hour, String zone, long bytes) {
        return new Effect.HourlyUsage(hour, zone, "web", "208-01", 0, bytes);
    }

    private static Effect.HourlyUsage use(int hour, Random random) {
        return new Effect.HourlyUsage(
                START.plus(hour, ChronoUnit.HOURS),
                random.nextBoolean() ? "FR" : "DE",
                random.nextInt(3) == 0 ? "video" : "web",
                "208-0" + random.nextInt(5),
                random.nextInt(100),
                random.nextInt(100));
    }

    private static OpenHours.Where where(Effect.HourlyUsage use) {
        return new OpenHours.Where(use.hour().getEpochSecond() / 3_600, use.zone(), use.category(), use.plmn());
    }
}

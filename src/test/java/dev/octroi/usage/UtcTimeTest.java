package dev.octroi.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimeTest {
    private static final int TIMES = 20_000;

    @Test
    void readsWhatTheCommonReaderReads() {
        Random random = new Random(40);
        for (int i = 0; i < TIMES; i++) {
            Instant at = Instant.ofEpochSecond(random.nextLong(4_102_444_800L), fraction(random));
            assertThat(UtcTime.millis(at.toString()))
                    .as(at.toString())
                    .isEqualTo(OffsetDateTime.parse(at.toString()).toInstant().toEpochMilli());
        }
    }

    /** Of none to nine digits. */
    private static long fraction(Random random) {
        long unit = (long) Math.pow(10, random.nextInt(10));
        return random.nextLong(1_000_000_000L) / unit * unit;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-11-29T08:00Z",
                "2026-11-29T08:00:00",
                "2026-11-29T08:00:00+01:00",
                "2026-11-29T08:00:00.Z",
                "2026-11-29T08:00:00.1234567890Z",
                "2026-11-29T08:00:00,1Z",
                "2026-11-29T08:00:00.1xZ",
                "2026-02-29T08:00:00Z",
                "2026-13-01T08:00:00Z",
                "2026-00-01T08:00:00Z",
                "2026-11-00T08:00:00Z",
                "2026-11-31T08:00:00Z",
                "2026-11-29T24:00:00Z",
                "2026-11-29T08:60:00Z",
                "2026-11-29T08:00:60Z",
                "2026-11-29t08:00:00z",
                "2026-11-29 08:00:00Z",
                "-026-11-29T08:00:00Z",
                "２026-11-29T08:00:00Z"
            })
    void leavesEverythingElseToTheCommonReader(String text) {
        assertThat(UtcTime.millis(text)).isEqualTo(UtcTime.OTHER_FORM);
    }

    @Test
    void readsTheLeapDay() {
        assertThat(UtcTime.millis("2028-02-29T23:59:59.9Z"))
                .isEqualTo(Instant.parse("2028-02-29T23:59:59.900Z").toEpochMilli());
    }
}

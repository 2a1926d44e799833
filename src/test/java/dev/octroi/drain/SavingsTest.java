package dev.octroi.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.Savings.Hold;
import dev.octroi.drain.Savings.Piece;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What holding back has saved is guessed low, and never more than a drain could have taken. */
class SavingsTest {
    private static final Instant OPENED = Instant.parse("2026-11-23T04:00:00Z");
    private static final long MB = 1_000_000;
    private static final long PLENTY = 100_000 * MB;

    /** 500 MB in five hours. */
    private final Savings drain = new Savings(500 * MB, OPENED.minus(Duration.ofHours(5)), OPENED, PLENTY);

    @Test
    void nothingPassesForAsLongAsTheDrainHadLasted() {
        assertThat(saved(drain, hold(0, 2, 0))).isEqualTo(200 * MB);
        assertThat(saved(drain, hold(0, 24, 0))).isEqualTo(500 * MB);
    }

    @Test
    void aDrainThatASpeedDoesNotSlowSavesNothing() {
        Savings leak = new Savings(40 * MB, OPENED.minus(Duration.ofHours(20)), OPENED, PLENTY);
        assertThat(saved(leak, hold(0, 24, 256))).isZero();
        assertThat(saved(drain, hold(0, 5, 128)))
                .as("128 kbit/s let 57.6 MB pass in an hour")
                .isEqualTo(200 * MB);
    }

    @Test
    void whatPassedMeanwhileIsTakenOff() {
        List<Piece> pieces = drain.pieces(List.of(hold(0, 5, 0)));
        assertThat(drain.bytes(pieces, 120 * MB)).isEqualTo(300 * MB);
        assertThat(drain.bytes(pieces, 900 * MB)).isZero();
    }

    @Test
    void noMoreIsSavedThanWasLeft() {
        Savings nearlyEmpty = new Savings(500 * MB, OPENED.minus(Duration.ofHours(5)), OPENED, 70 * MB);
        assertThat(saved(nearlyEmpty, hold(0, 5, 0))).isEqualTo(70 * MB);
    }

    @Test
    void holdsCountOnceAtTheStrictestAndGapsDoNot() {
        assertThat(saved(drain, hold(0, 2, 0), hold(1, 3, 128), hold(1, 2, 0))).isEqualTo(200 * MB);
        assertThat(saved(drain, hold(0, 1, 0), hold(30, 31, 0))).isEqualTo(200 * MB);
    }

    @Test
    void aBurstOfMinutesIsTakenForNoFasterThanItsHour() {
        Savings burst = new Savings(300 * MB, OPENED.minus(Duration.ofMinutes(3)), OPENED, PLENTY);
        assertThat(saved(burst, hold(0, 24, 0))).isEqualTo(300 * MB);
    }

    @Test
    void lessThanAMegabyteIsNothing() {
        Savings beacon = new Savings(900_000, OPENED.minus(Duration.ofHours(5)), OPENED, PLENTY);
        assertThat(saved(beacon, hold(0, 24, 0))).isZero();
    }

    @RepeatedTest(50)
    void neverMoreThanAtStakeOrLeftAndNeverMoreByPassing() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Savings any = new Savings(
                random.nextLong(1, PLENTY),
                OPENED.minusSeconds(random.nextLong(1, 300_000)),
                OPENED,
                random.nextLong(1, PLENTY));
        List<Hold> holds = new ArrayList<>();
        int count = random.nextInt(1, 8);
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(100);
            holds.add(hold(from, from + 1 + random.nextInt(40), random.nextInt(2) * random.nextLong(20_000)));
        }
        List<Piece> pieces = any.pieces(holds);
        long saved = any.bytes(pieces, 0);
        assertThat(saved).as("seed " + seed).isBetween(0L, Math.min(any.stakeBytes(), any.leftBytes()));
        assertThat(any.bytes(pieces, random.nextLong(1, PLENTY)))
                .as("seed " + seed)
                .isLessThanOrEqualTo(saved);
        for (int i = 1; i < pieces.size(); i++) {
            assertThat(pieces.get(i).from())
                    .as("seed " + seed)
                    .isAfterOrEqualTo(pieces.get(i - 1).to());
        }
    }

    private static long saved(Savings savings, Hold... holds) {
        return savings.bytes(savings.pieces(List.of(holds)), 0);
    }

    private static Hold hold(int fromHours, int toHours, long kbps) {
        return new Hold(OPENED.plus(Duration.ofHours(fromHours)), OPENED.plus(Duration.ofHours(toHours)), kbps);
    }
}

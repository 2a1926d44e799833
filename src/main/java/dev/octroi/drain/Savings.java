package dev.octroi.drain;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * Estimates what holding a drain back has saved. Nobody knows what would have happened: taken for it is the drain's own speed until the
 * alarm, and for no longer than it had lasted by then. Whatever passed meanwhile is taken off.
 *
 * @param stakeBytes what it had used beyond the usual when the alarm was first told, since it began or in the last day; from 0
 * @param since when the use began
 * @param openedAt when the alarm was first told
 * @param leftBytes what was left of the volume when data was first held back: no more can be saved; from 0
 */
public record Savings(long stakeBytes, Instant since, Instant openedAt, long leftBytes) {
    private static final Duration SHORTEST = Duration.ofHours(1);
    /** What an alarm says is at stake is of a day at most. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final long LEAST_BYTES = 1_000_000;
    private static final double BITS_PER_BYTE = 8;

    public Savings {
        requireNonNull(since, "since is null");
        requireNonNull(openedAt, "openedAt is null");
        if (stakeBytes < 0 || leftBytes < 0) {
            throw new IllegalArgumentException("no volume is less than nothing");
        }
    }

    /**
     * A time in which the drain was held back.
     *
     * @param from its first moment
     * @param to the first moment after it
     * @param kbps what could pass still, of both directions together, in kbit/s; 0: nothing
     */
    public record Hold(Instant from, Instant to, long kbps) {
        private boolean covers(Instant moment) {
            return !moment.isBefore(from) && moment.isBefore(to);
        }

        /** A kilobit in a second is a bit in a millisecond. */
        private double bytesPerMs() {
            return kbps / BITS_PER_BYTE;
        }
    }

    /**
     * A time that counts, with one speed.
     *
     * @param from its first moment
     * @param to the first moment after it
     * @param heldBytesPerMs how much of the drain could not pass
     */
    public record Piece(Instant from, Instant to, double heldBytesPerMs) {
        private double ms() {
            return (double) Duration.between(from, to).toMillis();
        }
    }

    /** The times that count, one after the other: no longer in all than the drain had lasted, each at the strictest of what held. */
    public List<Piece> pieces(List<Hold> holds) {
        TreeSet<Instant> edges = new TreeSet<>();
        holds.forEach(hold -> {
            edges.add(hold.from());
            edges.add(hold.to());
        });
        List<Piece> pieces = new ArrayList<>();
        Duration left = lasted();
        for (Instant from : edges) {
            Instant next = edges.higher(from);
            OptionalDouble passable = holds.stream()
                    .filter(hold -> hold.covers(from))
                    .mapToDouble(Hold::bytesPerMs)
                    .min();
            if (next != null && passable.isPresent() && !left.isZero()) {
                Instant end = next.isBefore(from.plus(left)) ? next : from.plus(left);
                left = left.minus(Duration.between(from, end));
                pieces.add(new Piece(from, end, Math.max(0, bytesPerMs() - passable.getAsDouble())));
            }
        }
        return List.copyOf(pieces);
    }

    /** Whether nothing more counts, however long it is held back. */
    public boolean isWhole(List<Piece> pieces) {
        return ms(pieces) >= lasted().toMillis();
    }

    /**
     * Bytes saved, rounded down to one digit; 0 where it would be less than a megabyte.
     *
     * @param pieces of {@link #pieces}
     * @param passedBytes what passed within them
     */
    public long bytes(List<Piece> pieces, long passedBytes) {
        double held = pieces.stream()
                .mapToDouble(piece -> piece.heldBytesPerMs() * piece.ms())
                .sum();
        double saved = Math.min(Math.min(held, bytesPerMs() * ms(pieces) - passedBytes), (double) leftBytes);
        return saved < LEAST_BYTES ? 0 : oneDigit(Math.round(saved));
    }

    private static double ms(List<Piece> pieces) {
        return pieces.stream().mapToDouble(Piece::ms).sum();
    }

    private double bytesPerMs() {
        return stakeBytes / (double) lasted().toMillis();
    }

    private Duration lasted() {
        Duration length = Duration.between(since, openedAt);
        Duration bounded = length.compareTo(LONGEST) > 0 ? LONGEST : length;
        return bounded.compareTo(SHORTEST) < 0 ? SHORTEST : bounded;
    }

    private static long oneDigit(long bytes) {
        long power = 1;
        while (bytes / power >= 10) {
            power *= 10;
        }
        return bytes / power * power;
    }
}

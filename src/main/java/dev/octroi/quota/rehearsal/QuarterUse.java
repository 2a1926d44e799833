package dev.octroi.quota.rehearsal;

import dev.octroi.policy.Speed;
import dev.octroi.quota.account.UsagePoint;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What one quarter of an hour had of the hour's use, spread evenly, and what of it rules would let pass.
 *
 * @param parts by place and category
 */
record QuarterUse(List<Part> parts) {
    static final int PER_HOUR = 4;
    static final Duration LENGTH = Duration.ofHours(1).dividedBy(PER_HOUR);

    private static final int BITS_PER_BYTE = 8;
    private static final int BITS_PER_KBIT = 1_000;

    QuarterUse {
        parts = List.copyOf(parts);
    }

    /** A part of it. */
    record Part(UsagePoint row, long up, long down) {}

    /** The quarter with a number, from 0, of an hour's rows. */
    static QuarterUse of(List<UsagePoint> rows, int number) {
        return new QuarterUse(rows.stream()
                .map(row -> new Part(row, share(row.upBytes(), number), share(row.downBytes(), number)))
                .toList());
    }

    /** What passes. */
    QuarterUse under(RehearsedRules account) {
        if (account.isStopped()) {
            return new QuarterUse(List.of());
        }
        Set<String> blocked = account.blocked();
        QuarterUse open = new QuarterUse(parts.stream()
                .filter(each -> !blocked.contains(each.row().category()))
                .toList());
        Speed speed = account.speed();
        return speed == null ? open : open.at(speed);
    }

    long bytes() {
        return parts.stream().mapToLong(each -> each.up() + each.down()).sum();
    }

    /** How much of a kind of use in a place passes, 0 to 1; all of it where nothing was wanted. */
    double share(RehearsedUse.Quarter quarter, QuarterUse passing) {
        long wanted = bytes(quarter);
        return wanted == 0 ? 1 : (double) passing.bytes(quarter) / wanted;
    }

    private long bytes(RehearsedUse.Quarter quarter) {
        return parts.stream()
                .filter(each -> each.row().zone().equals(quarter.zone())
                        && each.row().category().equals(quarter.category())
                        && each.row().plmn().equals(quarter.plmn()))
                .mapToLong(each -> each.up() + each.down())
                .sum();
    }

    private QuarterUse at(Speed speed) {
        double up = share(speed.upKbps(), parts.stream().mapToLong(Part::up).sum());
        double down =
                share(speed.downKbps(), parts.stream().mapToLong(Part::down).sum());
        return new QuarterUse(parts.stream()
                .map(each -> new Part(each.row(), (long) (each.up() * up), (long) (each.down() * down)))
                .toList());
    }

    private static long share(long bytes, int number) {
        return bytes * (number + 1) / PER_HOUR - bytes * number / PER_HOUR;
    }

    /** Which share of some bytes passes a speed in a quarter. */
    private static double share(int kbps, long bytes) {
        double room = (double) kbps * BITS_PER_KBIT / BITS_PER_BYTE * LENGTH.toSeconds();
        return bytes <= room ? 1 : room / bytes;
    }
}

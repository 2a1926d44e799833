package dev.octroi.drain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A traveller's made-up days, seeded: sessions by day, a few small messages by night, and what a test adds. */
final class Life {
    static final long DAY = 86_400;
    static final long HOUR = 3_600;
    static final long START = 1_790_000_000L / DAY * DAY;
    static final long MB = 1_000_000;

    private static final long REPORT = 600;

    private static final double[] HOURS = {
        1.0, 0.4, 0.1, 0.05, 0.05, 0.1, 0.6, 2, 3, 2.5, 2.5, 3, 4, 3.5, 3, 3, 3.5, 4, 5, 5, 5.5, 5, 4, 2.2
    };
    private static final Category[] MIX = {
        Category.WEB, Category.WEB, Category.SOCIAL, Category.SOCIAL, Category.VIDEO, Category.VOIP, Category.CLOUD,
        Category.GAME, Category.OTHER, Category.UPDATE, Category.MSG, Category.MSG, Category.MSG, Category.IOT
    };

    private final SplittableRandom random;
    private final List<DrainObservation> records = new ArrayList<>();
    private final int tzMinutes;
    private final int shiftHours;
    private String zone = "FR";

    Life(long seed) {
        this(seed, 120, 0);
    }

    /** @param shiftHours how much later than others this traveller lives */
    Life(long seed, int tzMinutes, int shiftHours) {
        random = new SplittableRandom(seed);
        this.tzMinutes = tzMinutes;
        this.shiftHours = shiftHours;
    }

    /** Start of a local day, Unix seconds. */
    long day(int day) {
        return START + day * DAY - tzMinutes * 60L;
    }

    Life in(String otherZone) {
        zone = otherZone;
        return this;
    }

    /** Ordinary days, about 130 MB each. */
    Life ordinary(int fromDay, int days) {
        return ordinary(fromDay, days, 1);
    }

    Life ordinary(int fromDay, int days, double level) {
        for (int d = fromDay; d < fromDay + days; d++) {
            double factor = level * Math.exp(random.nextGaussian() * 0.45);
            int sessions = 28 + random.nextInt(16);
            for (int i = 0; i < sessions; i++) {
                Category category = MIX[random.nextInt(MIX.length)];
                long at = day(d) + (hour() + shiftHours) * HOUR + random.nextInt((int) HOUR);
                session(at, (long) (factor * usual(category) * Math.exp(random.nextGaussian() * 1.1)), category);
            }
        }
        return this;
    }

    private static double usual(Category category) {
        return switch (category) {
            case VIDEO -> 14 * MB;
            case SOCIAL -> 4.5 * MB;
            case WEB -> 2.2 * MB;
            case UPDATE -> 4 * MB;
            case VOIP -> 1.5 * MB;
            case CLOUD -> 1.5 * MB;
            case GAME -> 0.4 * MB;
            case OTHER -> 0.2 * MB;
            case IOT -> 0.02 * MB;
            case MSG -> 0.15 * MB;
        };
    }

    private int hour() {
        double sum = 0;
        for (double each : HOURS) {
            sum += each;
        }
        double at = random.nextDouble() * sum;
        for (int h = 0; h < HOURS.length; h++) {
            at -= HOURS[h];
            if (at < 0) {
                return h;
            }
        }
        return 0;
    }

    /** One transfer; over 100 MB it comes as several records. */
    Life session(long at, long bytes, Category category) {
        return session(at, bytes, category, upShare(category));
    }

    private Life session(long at, long bytes, Category category, double upShare) {
        int parts = (int) (1 + bytes / (100 * MB));
        for (int p = 0; p < parts; p++) {
            long part = bytes / parts;
            long up = (long) (part * Math.clamp(upShare * (1 + random.nextGaussian() * 0.2), 0.01, 0.97));
            records.add(new DrainObservation(at + p * 20L, up, part - up, category, zone, tzMinutes));
        }
        return this;
    }

    private static double upShare(Category category) {
        return switch (category) {
            case VIDEO, UPDATE -> 0.02;
            case WEB, SOCIAL -> 0.1;
            case VOIP, MSG -> 0.47;
            case CLOUD -> 0.75;
            default -> 0.3;
        };
    }

    /** Many transfers at nearly even distances. */
    Life flow(long from, long seconds, int count, long bytes, Category category, double upShare) {
        for (int i = 0; i < count; i++) {
            long at = from + seconds * i / count + random.nextInt((int) Math.max(1, seconds / count / 3));
            session(at, (long) (bytes / (double) count * Math.exp(random.nextGaussian() * 0.4)), category, upShare);
        }
        return this;
    }

    /**
     * The same as reports of a session that lasts all day: one each ten minutes from 07:00 on, with what was used meanwhile and
     * the murmur of a phone that nobody uses, without categories.
     */
    List<DrainObservation> reports() {
        Map<Long, long[]> bytes = new TreeMap<>();
        for (DrainObservation each : records()) {
            long[] sums = bytes.computeIfAbsent(each.eventEndEpochSeconds() / REPORT + 1, at -> new long[2]);
            sums[0] += each.bytesUp();
            sums[1] += each.bytesDown();
        }
        List<DrainObservation> reports = new ArrayList<>();
        long last = records().getLast().eventEndEpochSeconds() / REPORT + 1;
        for (long at = records().getFirst().eventEndEpochSeconds() / REPORT + 1; at <= last; at++) {
            long local = Math.floorMod(at * REPORT + tzMinutes * 60L, DAY) / HOUR;
            long[] used = bytes.get(at);
            if (used != null || local >= 7) {
                long up = 1_000 + random.nextInt(19_000) + (used == null ? 0 : used[0]);
                long down = 1_000 + random.nextInt(39_000) + (used == null ? 0 : used[1]);
                reports.add(new DrainObservation(at * REPORT, up, down, Category.OTHER, zone, tzMinutes, true));
            }
        }
        return reports;
    }

    /** In order of arrival, nothing late. */
    List<DrainObservation> records() {
        List<DrainObservation> sorted = new ArrayList<>(records);
        sorted.sort(Comparator.comparingLong(DrainObservation::eventEndEpochSeconds));
        return sorted;
    }

    /** Runs a fresh detector over everything. */
    List<Told> run(PlanClass plan) {
        return run(DrainState.fresh(plan), records());
    }

    static List<Told> run(DrainState state, List<DrainObservation> records) {
        DrainDetector detector = DrainDetector.shipped();
        List<Told> told = new ArrayList<>();
        for (DrainObservation record : records) {
            if (detector.observe(state, Population.shipped(), record) instanceof Verdict.Alarm alarm) {
                told.add(new Told(record.eventEndEpochSeconds(), alarm));
            }
        }
        return told;
    }

    /** An alarm and when it was given. */
    record Told(long seconds, Verdict.Alarm alarm) {}
}

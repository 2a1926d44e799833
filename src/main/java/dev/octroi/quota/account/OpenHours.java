package dev.octroi.quota.account;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Use of an account's newest hour that stands with the account and not among the hourly sums yet, so that a record does
 * not write a row for its hour. Never changed.
 *
 * @param sums by place, at most {@link #MAX_PLACES}
 */
public record OpenHours(List<Sum> sums) {
    /** No hour is open. */
    public static final OpenHours NONE = new OpenHours(List.of());

    static final int MAX_PLACES = 8;

    private static final String PART = "\u001f";
    private static final String LINE = "\n";
    private static final int PARTS = 6;
    private static final long HOUR_SECONDS = 3_600;
    private static final int USUAL_LENGTH = 64;

    public OpenHours {
        sums = List.copyOf(sums);
    }

    /** What is added up together. */
    public record Where(long hour, String zone, String category, String plmn) {
        private boolean isOf(long hourOfUse, Effect.HourlyUsage use) {
            return hour == hourOfUse
                    && plmn.equals(use.plmn())
                    && category.equals(use.category())
                    && zone.equals(use.zone());
        }
    }

    /**
     * Bytes of a place in an hour.
     *
     * @param where hour since 1970, UTC, and place
     */
    public record Sum(Where where, long upBytes, long downBytes) {
        /** Its first moment. */
        public Instant hour() {
            return Instant.ofEpochSecond(where.hour() * HOUR_SECONDS);
        }
    }

    /**
     * After a batch.
     *
     * @param open what stands with the account
     * @param closed what is added to the hourly sums now
     */
    public record Added(OpenHours open, List<Sum> closed) {}

    /** Adds use. An hour is closed when a later one begins, and all of it when it has too many places. */
    public Added add(List<Effect.HourlyUsage> use) {
        if (use.isEmpty()) {
            return new Added(this, List.of());
        }
        List<Sum> all = new ArrayList<>(sums);
        use.forEach(each -> add(all, each));
        long newest = Long.MIN_VALUE;
        for (Sum each : all) {
            newest = Math.max(newest, each.where.hour());
        }
        List<Sum> open = new ArrayList<>(all.size());
        List<Sum> closed = new ArrayList<>();
        for (Sum each : all) {
            boolean isOpen = all.size() <= MAX_PLACES && each.where.hour() == newest && isWritable(each.where.zone());
            (isOpen ? open : closed).add(each);
        }
        return new Added(new OpenHours(open), closed);
    }

    /** A search instead of a map: nearly always there is one place, and it is the one. */
    private static void add(List<Sum> sums, Effect.HourlyUsage use) {
        long hour = use.hour().getEpochSecond() / HOUR_SECONDS;
        for (int i = 0; i < sums.size(); i++) {
            Sum sum = sums.get(i);
            if (sum.where.isOf(hour, use)) {
                sums.set(i, new Sum(sum.where, sum.upBytes + use.upBytes(), sum.downBytes + use.downBytes()));
                return;
            }
        }
        Where where = new Where(hour, use.zone(), use.category(), Alike.word(use.plmn()));
        sums.add(new Sum(where, use.upBytes(), use.downBytes()));
    }

    private static boolean isWritable(String zone) {
        return !zone.contains(PART) && !zone.contains(LINE);
    }

    /** The form in which the view {@code usage_by_hour} reads it. */
    public String write() {
        StringBuilder text = new StringBuilder(sums.size() * USUAL_LENGTH);
        for (Sum each : sums) {
            text.append(text.isEmpty() ? "" : LINE)
                    .append(each.where.hour())
                    .append(PART)
                    .append(each.where.zone())
                    .append(PART)
                    .append(each.where.category())
                    .append(PART)
                    .append(each.where.plmn())
                    .append(PART)
                    .append(each.upBytes)
                    .append(PART)
                    .append(each.downBytes);
        }
        return text.toString();
    }

    /** From what {@link #write} wrote. */
    public static OpenHours read(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        List<Sum> sums = new ArrayList<>();
        for (String line : text.split(LINE, -1)) {
            String[] parts = line.split(PART, PARTS);
            sums.add(new Sum(
                    new Where(
                            Long.parseLong(parts[0]), Alike.word(parts[1]), Alike.word(parts[2]), Alike.word(parts[3])),
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5])));
        }
        return new OpenHours(sums);
    }
}

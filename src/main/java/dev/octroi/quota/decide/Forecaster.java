package dev.octroi.quota.decide;

import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Foresees when the volume is used up: for each hour of the local day an exponentially weighted mean over the days so far,
 * played forward from now. The interval comes from how much the days differ.
 */
public final class Forecaster {
    /** How far back use is looked at: what was before is neither use nor its absence. */
    public static final Duration HISTORY = Duration.ofDays(28);

    static final String METHOD = "ewma-hour-of-day";

    private static final double NEWEST_WEIGHT = 0.3;
    /** The tenth and the ninetieth part of a normal distribution lie this many deviations from its middle. */
    private static final double TENTH = 1.2816;

    private static final double LEAST_PACE = 0.05;
    private static final Duration LEAST_HISTORY = Duration.ofHours(24);
    private static final int MAX_HOURS = 24 * 400;
    private static final double MILLIS_OF_HOUR = 3_600_000.0;

    private Forecaster() {}

    /**
     * Bytes of an hour.
     *
     * @param start first moment
     * @param bytes both directions
     */
    public record Hour(Instant start, long bytes) {}

    /**
     * A forecast for the volume, or for that of the window at hand; null when none is left, when there is less than a day of
     * history or nothing was used.
     *
     * @param state the account whose volume it is
     * @param tariffZone the zone with a tariff of its own where the traveller is; null: none
     * @param hours use of all who spend the volume, oldest first, none of before {@link #HISTORY}
     */
    public static @Nullable Forecast of(
            AccountState state, @Nullable String tariffZone, List<Hour> hours, Instant now) {
        Instant startsAt = state.startsAt();
        Instant endsAt = state.endsAt();
        if (startsAt == null || endsAt == null || !now.isBefore(endsAt)) {
            return null;
        }
        Instant renewsAt = Allowances.renewsAt(state);
        List<Rest> rests = new ArrayList<>();
        for (Bucket bucket : Spending.order(state.buckets(), renewsAt)) {
            if (bucket.isFor(tariffZone) && bucket.remainingBytes() > 0) {
                rests.add(new Rest(bucket.remainingBytes(), bucket.expiresAt()));
            }
        }
        return rests.isEmpty()
                ? null
                : forecast(hours, startsAt, now, rests, renewsAt == null ? endsAt : renewsAt, state.timeZone());
    }

    private static @Nullable Forecast forecast(
            List<Hour> hours, Instant since, Instant now, List<Rest> rests, Instant endsAt, ZoneId zone) {
        if (hours.isEmpty() || Duration.between(since, now).compareTo(LEAST_HISTORY) < 0) {
            return null;
        }
        double[] mean = meanByHour(hours, since, now, zone);
        double spread = spread(hours, since, now, zone);
        return new Forecast(
                depletion(mean, 1, now, rests, endsAt, zone),
                depletion(mean, 1 + TENTH * spread, now, rests, endsAt, zone),
                depletion(mean, Math.max(LEAST_PACE, 1 - TENTH * spread), now, rests, endsAt, zone),
                METHOD);
    }

    private static double[] meanByHour(List<Hour> hours, Instant since, Instant now, ZoneId zone) {
        Map<Instant, Long> known = new HashMap<>();
        for (Hour each : hours) {
            known.put(each.start(), each.bytes());
        }
        double[] mean = new double[24];
        boolean[] begun = new boolean[24];
        Instant hour = later(since, hours.getFirst().start()).truncatedTo(ChronoUnit.HOURS);
        while (hour.plus(1, ChronoUnit.HOURS).isBefore(now)) {
            int of = hour.atZone(zone).getHour();
            double bytes = known.getOrDefault(hour, 0L);
            mean[of] = begun[of] ? NEWEST_WEIGHT * bytes + (1 - NEWEST_WEIGHT) * mean[of] : bytes;
            begun[of] = true;
            hour = hour.plus(1, ChronoUnit.HOURS);
        }
        return mean;
    }

    /** How much the whole days so far differ: their deviation as a part of their mean, 0.5 while there is only one. */
    private static double spread(List<Hour> hours, Instant since, Instant now, ZoneId zone) {
        Map<LocalDate, Double> days = new HashMap<>();
        Instant read = now.minus(HISTORY);
        LocalDate first =
                since.isBefore(read) ? LocalDate.ofInstant(read, zone).plusDays(1) : LocalDate.ofInstant(since, zone);
        LocalDate today = LocalDate.ofInstant(now, zone);
        for (LocalDate day = first; day.isBefore(today) && days.size() < 366; day = day.plusDays(1)) {
            days.put(day, 0.0);
        }
        for (Hour each : hours) {
            days.computeIfPresent(LocalDate.ofInstant(each.start(), zone), (day, sum) -> sum + each.bytes());
        }
        List<Double> sums = new ArrayList<>(days.values());
        double mean = sums.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        if (sums.size() < 2 || mean <= 0) {
            return 0.5;
        }
        double squares = 0;
        for (double sum : sums) {
            squares += (sum - mean) * (sum - mean);
        }
        return Math.sqrt(squares / (sums.size() - 1)) / mean;
    }

    private static @Nullable Instant depletion(
            double[] mean, double pace, Instant now, List<Rest> rests, Instant endsAt, ZoneId zone) {
        double[] left = rests.stream().mapToDouble(Rest::bytes).toArray();
        Instant at = now;
        for (int i = 0; i < MAX_HOURS + rests.size() && at.isBefore(endsAt); i++) {
            Instant next = dropped(left, rests, at);
            double sum = Arrays.stream(left).sum();
            double hours = Duration.between(at, next).toMillis() / MILLIS_OF_HOUR;
            double bytes = mean[at.atZone(zone).getHour()] * pace * hours;
            if (bytes >= sum) {
                double part = bytes == 0 ? 0 : sum / bytes;
                Instant moment =
                        at.plusMillis((long) (Duration.between(at, next).toMillis() * part));
                return moment.isBefore(endsAt) ? moment.truncatedTo(ChronoUnit.MINUTES) : null;
            }
            spend(left, bytes);
            at = next;
        }
        return null;
    }

    /** Drops what has expired by a moment; until when nothing else does: the end of the hour at the latest. */
    private static Instant dropped(double[] left, List<Rest> rests, Instant at) {
        Instant next = at.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        for (int i = 0; i < left.length; i++) {
            Instant end = rests.get(i).expiresAt();
            if (end != null && !end.isAfter(at)) {
                left[i] = 0;
            } else if (end != null && end.isBefore(next)) {
                next = end;
            }
        }
        return next;
    }

    private static void spend(double[] left, double bytes) {
        double rest = bytes;
        for (int i = 0; i < left.length; i++) {
            double part = Math.min(rest, left[i]);
            left[i] -= part;
            rest -= part;
        }
    }

    /** What is left of a bucket, and when it is gone. */
    private record Rest(long bytes, @Nullable Instant expiresAt) {}

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}

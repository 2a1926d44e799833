package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.drain.Category;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Plays hours of use under rules that are not in force, through the same decider that counts: what would have been slowed,
 * blocked or paused, when, and how much data that had saved. What would not have passed is not counted on. An hour's use is
 * spread evenly over its quarters; of the plan only its zones are looked at.
 */
public final class RuleRehearsal {
    /** What counts as background where a rule blocks it as a whole. */
    static final Set<String> BACKGROUND = Set.of("update", "cloud", "iot");

    private static final int SLICES = 4;
    private static final Duration SLICE = Duration.ofHours(1).dividedBy(SLICES);
    private static final long NEVER_USED_UP = 1_000_000_000_000_000L;
    private static final int BITS_PER_BYTE = 8;
    private static final int BITS_PER_KBIT = 1_000;

    private final Decider decider;
    private final List<Rule> rules;
    private final UnaryOperator<String> countryOf;

    /**
     * @param rules of one owner; those that {@link #isPlayable} refuses do nothing
     * @param countryOf the ISO 3166 code of a network {@code MCC-MNC}
     */
    public RuleRehearsal(Decider decider, List<Rule> rules, UnaryOperator<String> countryOf) {
        this.decider = requireNonNull(decider, "decider is null");
        this.rules = rules.stream().filter(RuleRehearsal::isPlayable).toList();
        this.countryOf = requireNonNull(countryOf, "countryOf is null");
    }

    /** Whether hours of use are enough for a rule: events, money and seconds are in none of them. */
    public static boolean isPlayable(Rule rule) {
        return switch (rule.when()) {
            case Condition.Used used -> used.metric() == Condition.Metric.BYTES;
            case Condition.During during -> true;
            case Condition.Happened happened -> false;
        };
    }

    /**
     * What would have followed for one account.
     *
     * @param hours its use, oldest first
     * @param from first moment
     * @param to first moment after
     */
    RuleTally play(PlanTerms sold, ZoneId zone, List<UsagePoint> hours, Instant from, Instant to) {
        RehearsedRules account = new RehearsedRules(decider, terms(sold), zone, from, rules);
        Map<Instant, List<UsagePoint>> byHour = new TreeMap<>();
        hours.forEach(each ->
                byHour.computeIfAbsent(each.from(), hour -> new ArrayList<>()).add(each));
        byHour.forEach((hour, rows) -> {
            rows.sort(Comparator.comparingLong(UsagePoint::bytes).reversed());
            for (int slice = 0; slice < SLICES; slice++) {
                Instant end = hour.plus(SLICE.multipliedBy(slice + 1L));
                if (end.isBefore(from) || end.isAfter(to)) {
                    continue;
                }
                account.advance(end.minus(SLICE));
                // The device goes on its way, also when nothing passes.
                UsagePoint most = rows.getFirst();
                account.seen(most.plmn(), countryOf.apply(most.plmn()), area(most, sold));
                List<Passing> wanted = wanted(rows, slice);
                List<Passing> passing =
                        account.isStopped() ? List.of() : throttled(account, unblocked(account, wanted));
                account.advance(end);
                account.used(bytes(wanted), bytes(passing));
                for (Passing each : passing) {
                    account.count(record(each, sold, end));
                }
            }
        });
        account.advance(to);
        return account.tally();
    }

    private static List<Passing> wanted(List<UsagePoint> rows, int slice) {
        return rows.stream()
                .map(row -> new Passing(row, part(row.upBytes(), slice), part(row.downBytes(), slice)))
                .toList();
    }

    private static long part(long bytes, int slice) {
        return bytes * (slice + 1) / SLICES - bytes * slice / SLICES;
    }

    private static List<Passing> unblocked(RehearsedRules account, List<Passing> wanted) {
        Set<String> blocked = account.blocked();
        return wanted.stream()
                .filter(each -> !blocked.contains(each.row().category()))
                .toList();
    }

    private static List<Passing> throttled(RehearsedRules account, List<Passing> wanted) {
        Speed speed = account.speed();
        if (speed == null) {
            return wanted;
        }
        double up = share(speed.upKbps(), wanted.stream().mapToLong(Passing::up).sum());
        double down =
                share(speed.downKbps(), wanted.stream().mapToLong(Passing::down).sum());
        return wanted.stream()
                .map(each -> new Passing(each.row(), (long) (each.up() * up), (long) (each.down() * down)))
                .toList();
    }

    /** Which share of some bytes passes a speed in a slice. */
    private static double share(int kbps, long bytes) {
        double room = (double) kbps * BITS_PER_KBIT / BITS_PER_BYTE * SLICE.toSeconds();
        return bytes <= room ? 1 : room / bytes;
    }

    private static long bytes(List<Passing> passing) {
        return passing.stream().mapToLong(each -> each.up() + each.down()).sum();
    }

    private UsageRecord record(Passing each, PlanTerms sold, Instant end) {
        UsagePoint row = each.row();
        return new UsageRecord(
                "rehearsal",
                end + row.zone() + row.category() + row.plmn(),
                UsageRecord.Meaning.DELTA,
                null,
                64,
                end,
                end,
                end,
                each.up(),
                each.down(),
                row.plmn(),
                countryOf.apply(row.plmn()),
                area(row, sold),
                "NR",
                Category.of(row.category()));
    }

    /** A place of the row's zone, or its network where it was in none. */
    private static String area(UsagePoint row, PlanTerms sold) {
        return sold.zoneCaps().stream()
                .filter(cap -> cap.zoneId().equals(row.zone()))
                .flatMap(cap -> cap.trackingAreas().stream())
                .filter(one -> one.startsWith(row.plmn()))
                .min(Comparator.naturalOrder())
                .orElse(row.plmn());
    }

    /** A plan that sets no limit of its own. */
    private static PlanTerms terms(PlanTerms sold) {
        List<ZoneCap> zones = sold.zoneCaps();
        return new PlanTerms(
                PlanTerms.SCHEMA,
                sold.planName(),
                NEVER_USED_UP,
                Validity.days(62, Validity.StartMode.ON_ORDER),
                new AfterQuota.Stop(),
                sold.warnAtPercent(),
                zones,
                DrainPolicy.NOTIFY,
                sold.dayZone());
    }

    /** A part of a quarter of an hour's use. */
    private record Passing(UsagePoint row, long up, long down) {}
}

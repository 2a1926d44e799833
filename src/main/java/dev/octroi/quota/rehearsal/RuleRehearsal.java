package dev.octroi.quota.rehearsal;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Category;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.Decider;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Plays an account's past under rules that are not in force, through the same decider that counts: what would have been slowed,
 * blocked or paused, when, and how much data that had saved. What would not have passed is not counted on. An hour's use is
 * spread evenly over its quarters; of time, a quarter in which records ended counts whole; of the plan only its zones are
 * looked at.
 */
public final class RuleRehearsal {
    /** What counts as background where a rule blocks it as a whole. */
    static final Set<String> BACKGROUND = Set.of("update", "cloud", "iot");

    private static final long NEVER_USED_UP = 1_000_000_000_000_000L;

    private final Decider decider;
    private final List<Rule> rules;
    private final UnaryOperator<String> countryOf;

    /**
     * @param rules of one owner
     * @param countryOf the ISO 3166 code of a network {@code MCC-MNC}
     */
    public RuleRehearsal(Decider decider, List<Rule> rules, UnaryOperator<String> countryOf) {
        this.decider = requireNonNull(decider, "decider is null");
        this.rules = List.copyOf(rules);
        this.countryOf = requireNonNull(countryOf, "countryOf is null");
    }

    /** Whether a rule counts what hours of use do not tell: money or seconds. */
    boolean needsQuarters() {
        return rules.stream()
                .anyMatch(
                        rule -> rule.when() instanceof Condition.Used used && used.metric() != Condition.Metric.BYTES);
    }

    /** Whether a rule acts on what hours of use do not tell: another device, or an alarm. */
    boolean needsOccasions() {
        return rules.stream()
                .anyMatch(rule -> rule.when() instanceof Condition.Happened happened
                        && happened.occasion() != Condition.Occasion.COUNTRY_CHANGED);
    }

    /**
     * What would have followed for one account.
     *
     * @param from first moment
     * @param to first moment after
     */
    RuleTally play(PlanTerms sold, ZoneId zone, RehearsedUse use, Instant from, Instant to) {
        return new Play(sold, zone, use, from, to).run();
    }

    /** A plan that sets no limit of its own. */
    private static PlanTerms terms(PlanTerms sold) {
        return new PlanTerms(
                PlanTerms.SCHEMA,
                sold.planName(),
                NEVER_USED_UP,
                Validity.days(62, Validity.StartMode.ON_ORDER),
                new AfterQuota.Stop(),
                sold.warnAtPercent(),
                sold.zoneCaps(),
                DrainPolicy.NOTIFY,
                sold.dayZone());
    }

    /** One account's course. */
    private final class Play {
        private final PlanTerms sold;
        private final RehearsedUse use;
        private final Instant from;
        private final Instant to;
        private final RehearsedRules account;
        private final Map<Instant, List<RehearsedUse.Quarter>> quarters = new TreeMap<>();
        private final Iterator<RehearsedUse.Happened> occasions;
        private RehearsedUse.@Nullable Happened occasion;

        Play(PlanTerms sold, ZoneId zone, RehearsedUse use, Instant from, Instant to) {
            this.sold = sold;
            this.use = use;
            this.from = from;
            this.to = to;
            this.account = new RehearsedRules(decider, terms(sold), zone, from, rules);
            this.occasions = use.occasions().iterator();
            this.occasion = occasions.hasNext() ? occasions.next() : null;
            use.quarters()
                    .forEach(each -> quarters.computeIfAbsent(each.from(), quarter -> new ArrayList<>())
                            .add(each));
        }

        RuleTally run() {
            Map<Instant, List<UsagePoint>> byHour = new TreeMap<>();
            use.hours()
                    .forEach(each -> byHour.computeIfAbsent(each.from(), hour -> new ArrayList<>())
                            .add(each));
            byHour.forEach((hour, rows) -> {
                rows.sort(Comparator.comparingLong(UsagePoint::bytes).reversed());
                for (int number = 0; number < QuarterUse.PER_HOUR; number++) {
                    Instant end = hour.plus(QuarterUse.LENGTH.multipliedBy(number + 1L));
                    if (!end.isBefore(from) && !end.isAfter(to)) {
                        quarter(rows, QuarterUse.of(rows, number), end);
                    }
                }
            });
            advance(to);
            return account.tally();
        }

        private void quarter(List<UsagePoint> rows, QuarterUse wanted, Instant end) {
            Instant start = end.minus(QuarterUse.LENGTH);
            advance(start);
            // The device goes on its way, also when nothing passes.
            UsagePoint most = rows.getFirst();
            account.seen(most.plmn(), countryOf.apply(most.plmn()), area(most));
            QuarterUse passing = wanted.under(account);
            advance(end);
            account.used(wanted.bytes(), passing.bytes());
            List<RehearsedUse.Quarter> kept = quarters.getOrDefault(start, List.of());
            for (QuarterUse.Part each : passing.parts()) {
                account.count(record(each, kept.isEmpty() ? end : start, end));
            }
            for (RehearsedUse.Quarter each : kept) {
                long minor = Math.round(each.chargedMinor() * wanted.share(each, passing));
                UsagePoint row = new UsagePoint(start, end, each.zone(), each.category(), each.plmn(), 0, 0);
                if (minor > 0) {
                    account.charge(record(new QuarterUse.Part(row, 0, 0), end, end), each.zone(), minor);
                }
            }
        }

        /** Lets time pass, and happen what happened. */
        private void advance(Instant until) {
            RehearsedUse.Happened next = occasion;
            while (next != null && !next.at().isAfter(until)) {
                account.advance(next.at());
                account.happened(next.occasion());
                next = occasions.hasNext() ? occasions.next() : null;
                occasion = next;
            }
            account.advance(until);
        }

        private UsageRecord record(QuarterUse.Part each, Instant start, Instant end) {
            UsagePoint row = each.row();
            return new UsageRecord(
                    "rehearsal",
                    end + row.zone() + row.category() + row.plmn(),
                    UsageRecord.Meaning.DELTA,
                    null,
                    64,
                    start,
                    end,
                    end,
                    each.up(),
                    each.down(),
                    row.plmn(),
                    countryOf.apply(row.plmn()),
                    area(row),
                    "NR",
                    Category.of(row.category()));
        }

        /** A place of the row's zone, or its network where it was in none. */
        private String area(UsagePoint row) {
            return sold.zoneCaps().stream()
                    .filter(cap -> cap.zoneId().equals(row.zone()))
                    .flatMap(cap -> cap.trackingAreas().stream())
                    .filter(one -> one.startsWith(row.plmn()))
                    .min(Comparator.naturalOrder())
                    .orElse(row.plmn());
        }
    }
}

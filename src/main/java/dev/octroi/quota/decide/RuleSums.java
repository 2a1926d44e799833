package dev.octroi.quota.decide;

import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.RollingWindow;
import dev.octroi.quota.account.RuleCount;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/** Adds up what rules count that the account does not count anyway. */
final class RuleSums {
    private RuleSums() {}

    /** Adds a record's part, when the rule's condition matches it. */
    static void add(
            Draft draft, Rule rule, Condition.Used used, UsageRecord record, String zone, long bytes, long minor) {
        Instant windowStart = windowStart(draft, used);
        Instant of = used.window() == Rule.Window.PERIOD
                ? PeriodWatch.momentOf(draft, record.eventEnd())
                : record.eventEnd();
        if (windowStart == null || of.isBefore(windowStart) || !matches(draft, used, record, zone)) {
            return;
        }
        String key = RuleWatch.key(rule);
        RuleCount count = draft.ruleCounts.getOrDefault(key, RuleCount.NEW).at(windowStart);
        Instant end = record.eventEnd().isAfter(draft.now) ? draft.now : record.eventEnd();
        long amount = switch (used.metric()) {
            case BYTES -> bytes;
            case MONEY -> minor;
            case SECONDS -> seconds(count, record.eventStart(), end);
        };
        if (amount == 0) {
            return;
        }
        if (used.metric() == Condition.Metric.SECONDS) {
            count = count.usedTo(end);
        }
        draft.ruleCounts.put(
                key,
                used.window() == Rule.Window.ROLLING
                        ? count.slots(RollingWindow.add(count.slots(), used.rollingHours(), end, amount, draft.now))
                        : count.plus(amount));
    }

    /** What the window at hand holds. */
    static long amount(Draft draft, Condition.Used used, RuleCount count) {
        if (!used.countsEverything()) {
            return used.window() == Rule.Window.ROLLING
                    ? RollingWindow.sum(count.slots(), used.rollingHours(), draft.now)
                    : count.amount();
        }
        return switch (used.window()) {
            case HOUR -> draft.hour.bytes();
            case DAY -> draft.day.bytes();
            case WEEK -> draft.week.bytes();
            case PERIOD -> BeforeDate.planBytes(draft);
            case ROLLING -> throw new IllegalStateException("the account has no rolling count of its own");
        };
    }

    /** First moment of the window at hand; null: the plan has not begun. A rolling window has always begun. */
    static @Nullable Instant windowStart(Draft draft, Condition.Used used) {
        return switch (used.window()) {
            case HOUR -> draft.hour.start();
            case DAY -> draft.day.start();
            case WEEK -> draft.week.start();
            case PERIOD -> draft.startsAt;
            case ROLLING -> Instant.MIN;
        };
    }

    /** Seconds that no earlier record covered; within a window only those after its start. */
    private static long seconds(RuleCount count, Instant start, Instant end) {
        Instant from = start.isBefore(count.start()) ? count.start() : start;
        Instant usedTo = count.usedTo();
        if (usedTo != null && usedTo.isAfter(from)) {
            from = usedTo;
        }
        return Math.max(0, end.getEpochSecond() - from.getEpochSecond());
    }

    private static boolean matches(Draft draft, Condition.Used used, UsageRecord record, String zone) {
        Where where = used.where();
        LocalTime time = LocalTime.ofInstant(record.eventEnd(), draft.dayZone());
        return where.contains(zone, record.country(), record.plmn(), time)
                && (where.categories().isEmpty()
                        || where.categories().contains(record.category().word()));
    }
}

package dev.octroi.web.selfcare;

import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleCover;
import dev.octroi.policy.RuleSet;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Where;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A rule as the traveller's form asks for it. */
final class RuleRequest {
    static final List<String> OCCASIONS = List.of("country_changed", "device_changed", "alarm");
    static final List<String> WINDOWS = List.of("hour", "day", "week", "period", "rolling");
    static final List<String> KINDS =
            List.of("all", "video", "social", "cloud", "update", "web", "game", "msg", "voip");
    static final List<String> ACTIONS = List.of("notify", "slow", "background", "block", "pause", "ask");
    static final List<String> ENDS = List.of("window_end", "top_up", "manual");
    static final List<Integer> SPEEDS_KBPS = List.of(64, 128, 256, 512, 1_000, 2_000, 5_000);

    private static final String ID = "page-";
    private static final int ROLLING_HOURS = 24;
    private static final long MB = 1_000_000L;
    private static final Pattern MEGABYTES = Pattern.compile("[1-9][0-9]{0,6}");
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

    private RuleRequest() {}

    /** What a form asks for. */
    sealed interface Result {
        /** A rule that can stand. */
        record Wanted(Rule rule) implements Result {}

        /**
         * None.
         *
         * @param key of the sentence that says what is missing
         */
        record Wrong(String key) implements Result {}
    }

    /**
     * Reads a form.
     *
     * @param own the traveller's rules, among whose ids the new one's is not
     */
    static Result read(Map<String, String> form, RuleSet own) {
        String when = form.getOrDefault("when", "");
        Optional<Condition> condition = switch (when) {
            case "used" -> used(form);
            case "hours" -> hours(form);
            case "place" -> place(form);
            default -> happened(when);
        };
        if (condition.isEmpty()) {
            return new Result.Wrong(
                    switch (when) {
                        case "used" -> "invalid";
                        case "hours" -> "rules.invalid.hours";
                        default -> "rules.invalid";
                    });
        }
        Optional<Action> action = action(form);
        Optional<Rule.End> until = until(form, condition.get());
        if (action.isEmpty() || until.isEmpty()) {
            return new Result.Wrong("rules.invalid");
        }
        Rule rule = new Rule(freeId(own), Rule.Owner.USER, condition.get(), List.of(action.get()), until.get());
        return rule.until().equals(Rule.TOP_UP) && !rule.endsWithTopUp()
                ? new Result.Wrong("rules.invalid.topup")
                : new Result.Wanted(rule);
    }

    /** The rule that leaves a new one nothing to do, when there is one. */
    static Optional<Rule> inTheWay(Rule wanted, List<RuleSet> sets) {
        return sets.stream()
                .flatMap(set -> set.rules().stream())
                .filter(each -> RuleCover.covers(each, wanted))
                .findFirst();
    }

    /** An owner's rules with one more. */
    static List<Rule> with(RuleSet own, Rule rule) {
        List<Rule> rules = new ArrayList<>(own.rules());
        rules.add(rule);
        return rules;
    }

    private static Optional<Condition> used(Map<String, String> form) {
        String window = form.getOrDefault("window", "");
        String kind = form.getOrDefault("of", "");
        String megabytes = form.getOrDefault("mb", "").strip();
        if (!MEGABYTES.matcher(megabytes).matches() || !WINDOWS.contains(window) || !KINDS.contains(kind)) {
            return Optional.empty();
        }
        Set<String> categories = kind.equals("all") ? Set.of() : Set.of(kind);
        Rule.Window span = Rule.Window.valueOf(window.toUpperCase(Locale.ROOT));
        return Optional.of(new Condition.Used(
                Condition.Metric.BYTES,
                span,
                span == Rule.Window.ROLLING ? ROLLING_HOURS : 0,
                Long.parseLong(megabytes) * MB,
                new Where(Set.of(), Set.of(), null, categories)));
    }

    private static Optional<Condition> happened(String when) {
        return OCCASIONS.contains(when)
                ? Optional.of(new Condition.Happened(
                        Condition.Occasion.valueOf(when.toUpperCase(Locale.ROOT)), Where.EVERYWHERE))
                : Optional.empty();
    }

    private static Optional<Condition> hours(Map<String, String> form) {
        String from = form.getOrDefault("from", "");
        String to = form.getOrDefault("to", "");
        return TIME.matcher(from).matches() && TIME.matcher(to).matches() && !from.equals(to)
                ? Optional.of(new Condition.During(new Where(
                        Set.of(), Set.of(), new Where.Hours(LocalTime.parse(from), LocalTime.parse(to)), Set.of())))
                : Optional.empty();
    }

    private static Optional<Condition> place(Map<String, String> form) {
        String country = form.getOrDefault("country", "");
        return COUNTRY.matcher(country).matches()
                ? Optional.of(new Condition.During(new Where(Set.of(country), Set.of(), null, Set.of())))
                : Optional.empty();
    }

    private static Optional<Action> action(Map<String, String> form) {
        return switch (form.getOrDefault("then", "")) {
            case "notify" -> Optional.of(new Action.Notify());
            case "background" -> Optional.of(new Action.BlockBackground());
            case "pause" -> Optional.of(new Action.Pause());
            case "ask" -> Optional.of(new Action.Ask());
            case "slow" ->
                SPEEDS_KBPS.stream()
                        .filter(kbps -> Integer.toString(kbps).equals(form.get("kbps")))
                        .findFirst()
                        .map(kbps -> new Action.Throttle(Speed.both(kbps)));
            case "block" ->
                KINDS.stream()
                        .skip(1)
                        .filter(kind -> kind.equals(form.get("block")))
                        .findFirst()
                        .map(kind -> new Action.BlockCategories(Set.of(kind)));
            default -> Optional.empty();
        };
    }

    /** What holds in hours or a place ends with them, whatever the form says. */
    private static Optional<Rule.End> until(Map<String, String> form, Condition condition) {
        if (condition instanceof Condition.During) {
            return Optional.of(Rule.WINDOW_END);
        }
        return switch (form.getOrDefault("until", "window_end")) {
            case "window_end" -> Optional.of(Rule.WINDOW_END);
            case "top_up" -> Optional.of(Rule.TOP_UP);
            case "manual" -> Optional.of(Rule.MANUAL);
            default -> Optional.empty();
        };
    }

    private static String freeId(RuleSet own) {
        Set<String> taken = new HashSet<>();
        own.rules().forEach(rule -> taken.add(rule.id()));
        int number = 1;
        while (taken.contains(ID + number)) {
            number++;
        }
        return ID + number;
    }
}

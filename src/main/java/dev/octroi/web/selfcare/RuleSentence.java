package dev.octroi.web.selfcare;

import dev.octroi.catalog.Money;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Where;
import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A rule as one sentence for the traveller: when, what, until when. */
final class RuleSentence {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final int SECONDS_PER_MINUTE = 60;

    private final Texts texts;
    private final SelfCareView view;

    RuleSentence(Texts texts, SelfCareView view) {
        this.texts = texts;
        this.view = view;
    }

    String of(Rule rule) {
        String then = rule.then().stream().map(this::action).collect(Collectors.joining(texts.get("rule.and")));
        List<String> parts = new ArrayList<>();
        head(rule.when()).ifPresent(parts::add);
        where(parts, rule.when().where());
        String when = String.join(texts.get("rule.sep"), parts);
        return texts.get("rule", begun(when, texts.locale()), then, until(rule));
    }

    /** With a capital, but for names such as eSIM. */
    static String begun(String when, Locale locale) {
        boolean isName = when.length() > 1 && Character.isUpperCase(when.charAt(1));
        return isName ? when : when.substring(0, 1).toUpperCase(locale) + when.substring(1);
    }

    private Optional<String> head(Condition when) {
        return switch (when) {
            case Condition.During during -> Optional.empty();
            case Condition.Happened happened ->
                Optional.of(texts.get("rule.when." + happened.occasion().word()));
            case Condition.Used used -> Optional.of(texts.get("rule.when.used", amount(used), window(used)));
        };
    }

    private String amount(Condition.Used used) {
        return switch (used.metric()) {
            case BYTES -> texts.volume(used.over());
            case SECONDS -> texts.get("rule.minutes", (used.over() + SECONDS_PER_MINUTE - 1) / SECONDS_PER_MINUTE);
            case MONEY ->
                view.currency()
                        .map(code -> Money.ofMinor(used.over(), code).in(texts.locale()))
                        .orElseGet(() -> BigDecimal.valueOf(used.over(), 2).toPlainString());
        };
    }

    private String window(Condition.Used used) {
        return used.window() == Rule.Window.ROLLING
                ? texts.get("rule.rolling", used.rollingHours())
                : texts.get("rule.window." + used.window().word());
    }

    private void where(List<String> parts, Where where) {
        if (!where.categories().isEmpty()) {
            parts.add(texts.get("rule.where.categories", categories(where.categories())));
        }
        if (!where.zones().isEmpty()) {
            parts.add(texts.get(
                    "rule.where.zones",
                    list(where.zones().stream().map(this::zone).sorted().toList())));
        }
        if (!where.networks().isEmpty()) {
            parts.add(texts.get(
                    "rule.where.networks",
                    list(where.networks().stream().sorted().toList())));
        }
        Where.Hours hours = where.hours();
        if (hours != null) {
            parts.add(texts.get("rule.where.hours", TIME.format(hours.from()), TIME.format(hours.to())));
        }
    }

    private String action(Action action) {
        return switch (action) {
            case Action.Throttle throttle -> texts.get("rule.do.throttle", speed(throttle.speed()));
            case Action.BlockCategories block -> texts.get("rule.do.block_categories", categories(block.categories()));
            default -> texts.get("rule.do." + action.word());
        };
    }

    private String speed(Speed speed) {
        return speed.downKbps() == speed.upKbps()
                ? texts.speed(speed.downKbps())
                : texts.get("rule.speeds", texts.speed(speed.downKbps()), texts.speed(speed.upKbps()));
    }

    private String until(Rule rule) {
        boolean tellsOnly = rule.then().stream().allMatch(Action.Notify.class::isInstance);
        if (rule.when() instanceof Condition.During || tellsOnly) {
            return "";
        }
        return switch (rule.until()) {
            case Rule.End.WindowEnd end -> "";
            case Rule.End.TopUp end -> texts.get("rule.until.top_up");
            case Rule.End.Manual end ->
                texts.get("rule.until.manual." + rule.owner().word());
            case Rule.End.Moment end ->
                texts.get(
                        "rule.until.moment",
                        texts.moment(end.at(), view.account().readAt()));
        };
    }

    private String zone(String zone) {
        return texts.place(zone, view.zoneNames().getOrDefault(zone, texts.get("rule.zone")));
    }

    private String categories(Collection<String> words) {
        return list(words.stream()
                .sorted()
                .map(word -> texts.has("category." + word) ? texts.get("category." + word) : word)
                .toList());
    }

    private String list(List<String> names) {
        return String.join(texts.get("rule.or"), names);
    }
}

package dev.octroi.web.selfcare;

import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The traveller's daily limit as asked for.
 *
 * @param dailyBytes 0: no limit
 * @param action {@code notify}, {@code slow} or {@code pause}
 * @param kbps speed when slowed
 */
record LimitRequest(long dailyBytes, String action, int kbps) {
    static final String RULE_ID = "daily";
    static final int DEFAULT_KBPS = 512;

    private static final long MAX_BYTES = 1_000_000_000_000L;
    private static final long MB = 1_000_000L;

    /** The rules that say it; none for no limit. */
    List<Rule> toRules() {
        if (dailyBytes == 0) {
            return List.of();
        }
        Action then = switch (action) {
            case "slow" -> new Action.Throttle(Speed.both(kbps));
            case "pause" -> new Action.Pause();
            default -> new Action.Notify();
        };
        List<Action> actions = action.equals("notify") ? List.of(then) : List.of(new Action.Notify(), then);
        return List.of(new Rule(
                RULE_ID, Rule.Owner.USER, Condition.over(Rule.Window.DAY, dailyBytes), actions, Rule.WINDOW_END));
    }

    /** The limit that a rule is; empty where the rule says what no daily limit can: hours, kinds of traffic, two speeds. */
    static Optional<LimitRequest> of(Rule rule) {
        if (!(rule.when() instanceof Condition.Used used)) {
            return Optional.empty();
        }
        String action = "notify";
        int kbps = DEFAULT_KBPS;
        for (Action each : rule.then()) {
            if (each instanceof Action.Throttle slow) {
                action = "slow";
                kbps = slow.speed().downKbps();
            } else if (each instanceof Action.Pause) {
                action = "pause";
            }
        }
        return checked(used.over(), action, kbps)
                .filter(limit -> limit.toRules().equals(List.of(rule)));
    }

    /** Reads {@code {"dailyBytes":…,"action":…,"kbps":…}}; empty when it is not one. */
    static Optional<LimitRequest> ofJson(JsonObject json) {
        if (!List.of("dailyBytes", "action", "kbps").containsAll(json.fieldNames())) {
            return Optional.empty();
        }
        Object bytes = json.getValue("dailyBytes");
        Object action = json.getValue("action", "slow");
        Object kbps = json.getValue("kbps", DEFAULT_KBPS);
        if (bytes instanceof Number b
                && isWhole(b)
                && action instanceof String a
                && kbps instanceof Number k
                && isWhole(k)) {
            return checked(b.longValue(), a, k.longValue());
        }
        return Optional.empty();
    }

    /**
     * Reads the form: {@code mb}, {@code action}; and what the page carries of the limit that it showed, {@code bytes} where it is
     * no whole number of MB, {@code kbps} where it is another speed: pressing "Save" changes nothing that was not typed. Nothing
     * a day is refused: whoever writes 0 may mean no limit, or no data, which is a pause.
     */
    static Optional<LimitRequest> ofForm(Map<String, String> form) {
        String mb = form.getOrDefault("mb", "").strip();
        String action = form.getOrDefault("action", "");
        if (mb.isEmpty()) {
            return checked(0, "notify", DEFAULT_KBPS);
        }
        if (!mb.matches("[0-9]{1,7}")) {
            return Optional.empty();
        }
        long typed = Long.parseLong(mb);
        long shown = number(form.get("bytes"), typed * MB);
        boolean isNothing = typed == 0 && (shown == 0 || shown >= MB);
        return isNothing
                ? Optional.empty()
                : checked(shown / MB == typed ? shown : typed * MB, action, number(form.get("kbps"), DEFAULT_KBPS));
    }

    private static long number(@Nullable String carried, long otherwise) {
        return carried != null && carried.matches("[0-9]{1,15}") ? Long.parseLong(carried) : otherwise;
    }

    private static boolean isWhole(Number number) {
        return number instanceof Integer || number instanceof Long;
    }

    private static Optional<LimitRequest> checked(long bytes, @Nullable String action, long kbps) {
        if (action == null || !List.of("notify", "slow", "pause").contains(action)) {
            return Optional.empty();
        }
        boolean good = bytes >= 0 && bytes <= MAX_BYTES && kbps >= 64 && kbps <= 1_000_000;
        return good ? Optional.of(new LimitRequest(bytes, action, (int) kbps)) : Optional.empty();
    }
}

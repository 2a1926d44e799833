package dev.octroi.subscription;

import dev.octroi.catalog.LabelText;
import dev.octroi.catalog.Money;
import dev.octroi.rsp.words.StatusWords;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Says an event in one sentence. Types that are not known are named, so that none is lost. */
final class TimelineSentence {
    private static final int MAX_LENGTH = 300;
    private static final String BUNDLE = "dev.octroi.subscription.timeline";
    private static final ResourceBundle.Control NO_DEFAULT_LOCALE =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private final TimelineEntry entry;
    private final Locale locale;
    private final ResourceBundle words;

    private TimelineSentence(TimelineEntry entry, Locale locale) {
        this.entry = entry;
        this.locale = locale;
        this.words = ResourceBundle.getBundle(BUNDLE, locale, NO_DEFAULT_LOCALE);
    }

    static String of(TimelineEntry entry, Locale locale) {
        TimelineSentence sentence = new TimelineSentence(entry, locale);
        String text = entry.isStep() ? sentence.step() : sentence.event();
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    }

    private String event() {
        return switch (entry.type()) {
            case "plan.started" -> say(entry.type(), named("cause", word("cause")));
            case "top_up.applied", "credit.applied" ->
                say(entry.type() + granted(), volume("bytes"), word("reason"), number("extendDays"));
            case "usage.threshold_reached" -> threshold();
            case "time_zone.changed" -> say(entry.type(), word("after"));
            case "rule.applied" -> say(entry.type(), word("rule"));
            case "overage.threshold_reached" -> say(entry.type(), word("percent"));
            case "zone.entered", "zone.left" -> say(entry.type(), word("name"));
            case "zone.breached" -> say(entry.type() + "." + word("then"), word("name"));
            case "tariff.told" ->
                say(
                        entry.type() + "." + word("then"),
                        Locale.of("", word("country")).getDisplayCountry(locale),
                        volume("remainingBytes"),
                        money("pricePerMegabyte"));
            case "anomaly.opened", "anomaly.grown" -> say(entry.type(), named("kind", word("kind")));
            case "case.resolved" ->
                data().containsKey("reason") ? say("case.resolved.reason", word("reason")) : say(entry.type());
            case "policy.decided" -> decision();
            default -> words.containsKey(entry.type()) ? say(entry.type()) : sentence(entry.type());
        };
    }

    /** Volume, days or both: days alone are not told as a volume of nothing. */
    private String granted() {
        if (number("extendDays") == 0) {
            return "";
        }
        return number("bytes") == 0 ? ".days" : ".both";
    }

    private long number(String name) {
        return data().get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** A limit of the volume is told in percent; a cap or a tier within it says nothing of what is left. */
    private String threshold() {
        String own = "usage.threshold." + word("limit");
        if (words.containsKey(own)) {
            return say(own);
        }
        return data().containsKey("percent") ? say(entry.type(), word("percent")) : say("usage.threshold");
    }

    /** A step of a download: what it was, why it failed and who must act, or by whom it was done. */
    private String step() {
        String step = word("step");
        if (step.equals("reset")) {
            return say("step.reset", named("by", word("by")), word("reason"));
        }
        if (!Boolean.FALSE.equals(data().get("ok"))) {
            String text = words.containsKey("step." + step) ? say("step." + step) : sentence(step);
            boolean counted = step.equals("downloaded") && data().get("attempts") instanceof Number;
            return counted ? text + say("attempt", word("attempts")) : text;
        }
        String failed = say(words.containsKey("failed." + step) ? "failed." + step : "failed");
        String why = entry.refusal()
                .map(code -> say("because", failed, StatusWords.support(code, locale)))
                .orElse(failed);
        return step.equals("installed") && "released".equals(data().get("state")) ? why + say("again") : why;
    }

    private String decision() {
        String level = "level." + word("level");
        String reason = why(word("reason"));
        if (level.equals("level.normal")) {
            return say(level);
        }
        return say(words.containsKey(level) ? level : "level", reason, word("downKbps"));
    }

    /** The reason of a decision, by its exact code, its family, or its words. */
    private String why(String code) {
        String family = code.substring(0, Math.max(0, code.indexOf('.')));
        if (words.containsKey("why." + code)) {
            return say("why." + code);
        }
        return words.containsKey("why." + family)
                ? say("why." + family)
                : sentence(code).toLowerCase(Locale.ROOT);
    }

    private String money(String name) {
        return Money.told(word(name), word("currency"), locale);
    }

    private String named(String family, String word) {
        String key = family + "." + word;
        return words.containsKey(key) ? say(key) : word.replace('_', ' ');
    }

    private String say(String key, Object... values) {
        String pattern = words.getString(key);
        return values.length == 0 ? pattern : new MessageFormat(pattern, locale).format(values);
    }

    private String volume(String name) {
        return data().get(name) instanceof Number bytes ? LabelText.volume(bytes.longValue(), locale) : "?";
    }

    private String word(String name) {
        @Nullable Object value = data().get(name);
        return value == null ? "?" : String.valueOf(value);
    }

    private Map<String, Object> data() {
        return entry.data();
    }

    /** {@code plan.quota_used} reads "Plan quota used". */
    private static String sentence(String dotted) {
        String text = dotted.replace('.', ' ').replace('_', ' ');
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}

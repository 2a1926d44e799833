package dev.octroi.subscription;

import dev.octroi.policy.Policy;
import dev.octroi.policy.PolicyEngine;
import dev.octroi.policy.Speed;
import dev.octroi.quota.Explanation;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** "Why was it slow?" in one sentence. */
public final class PolicySentence {
    private static final String BUNDLE = "dev.octroi.subscription.timeline";
    private static final ResourceBundle.Control NO_DEFAULT_LOCALE =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private PolicySentence() {}

    /** English for every language but French and Chinese; times are the traveller's. */
    public static String of(Explanation explanation, Locale locale) {
        ResourceBundle words = ResourceBundle.getBundle(BUNDLE, locale, NO_DEFAULT_LOCALE);
        Instant since = explanation.since();
        if (since == null) {
            return words.getString("explain.normal");
        }
        Policy policy = explanation.policy();
        String said = say(explanation, policy, since, words, locale);
        return PolicyEngine.slowing(policy, explanation.restrictions(), explanation.at())
                .map(slow -> say(explanation, slow, explanation.since(slow), words, locale) + " " + said)
                .orElse(said);
    }

    private static String say(
            Explanation explanation, Policy policy, @Nullable Instant since, ResourceBundle words, Locale locale) {
        String what = new TimelineEntry(0, explanation.at(), "policy.decided", data(policy)).summary(locale);
        String until = until(policy, explanation.timeZone(), words, locale);
        return say(
                words,
                locale,
                "explain.held",
                what,
                moment(since == null ? explanation.at() : since, explanation.timeZone()),
                until);
    }

    private static String until(Policy policy, ZoneId zone, ResourceBundle words, Locale locale) {
        Instant end = policy.until().moment();
        if (policy.until().word().equals("top_up")) {
            return words.getString("explain.top_up");
        }
        return end == null
                ? words.getString("explain." + policy.until().word())
                : say(words, locale, "explain.moment", moment(end, zone), zone.getId());
    }

    private static Map<String, Object> data(Policy policy) {
        Map<String, Object> data = new HashMap<>();
        data.put("level", policy.level().word());
        data.put("reason", policy.reasonCode());
        @Nullable Speed speed = policy.speed();
        if (speed != null) {
            // As text: a number would be grouped.
            data.put("downKbps", Integer.toString(speed.downKbps()));
        }
        return data;
    }

    private static String moment(Instant at, ZoneId zone) {
        return MOMENT.format(at.atZone(zone));
    }

    private static String say(ResourceBundle words, Locale locale, String key, Object... values) {
        return new MessageFormat(words.getString(key), locale).format(values);
    }
}

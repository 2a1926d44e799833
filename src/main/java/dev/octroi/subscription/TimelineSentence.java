package dev.octroi.subscription;

import dev.octroi.catalog.LabelText;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says an event in one English sentence. Types that are not known are named, so that none is lost. */
final class TimelineSentence {
    private static final int MAX_LENGTH = 300;

    private TimelineSentence() {}

    static String of(String type, Map<String, Object> data) {
        String sentence = switch (type) {
            case "order.completed" -> "Ordered";
            case "profile.download_progress" -> progress(data);
            case "profile.installed" -> "Profile installed";
            case "profile.enabled" -> "Profile enabled";
            case "profile.disabled" -> "Profile disabled";
            case "profile.deleted" -> "Profile deleted";
            case "plan.started" -> "Plan started by " + word(data, "cause");
            case "plan.ended" -> "Plan ended";
            case "top_up.applied" -> volume(data, "bytes") + " added";
            case "credit.applied" -> volume(data, "bytes") + " credited: " + word(data, "reason");
            case "usage.threshold_reached" -> threshold(data);
            case "zone.entered" -> "Entered " + word(data, "zoneName");
            case "zone.left" -> "Left " + word(data, "zoneName");
            case "anomaly.opened" -> "Unusual use: " + word(data, "kind");
            case "anomaly.grown" -> "Unusual use goes on: " + word(data, "kind");
            case "anomaly.explained" -> "Unusual use explained";
            case "policy.decided" -> decision(data);
            default -> sentence(type);
        };
        return sentence.length() > MAX_LENGTH ? sentence.substring(0, MAX_LENGTH) : sentence;
    }

    private static String progress(Map<String, Object> data) {
        String step = sentence(word(data, "step"));
        return Boolean.FALSE.equals(data.get("ok")) ? step + ", failed: " + word(data, "refusal") : step;
    }

    private static String decision(Map<String, Object> data) {
        String reason = sentence(word(data, "reason")).toLowerCase(Locale.ROOT);
        return switch (word(data, "level")) {
            case "normal" -> "Full speed again";
            case "throttled" -> "Slowed to " + word(data, "downKbps") + " kbit/s: " + reason;
            case "background_blocked" -> "Background data blocked: " + reason;
            case "suspended_data" -> "Data suspended: " + reason;
            case "suspended_all" -> "Everything suspended: " + reason;
            default -> "Policy changed: " + reason;
        };
    }

    private static String threshold(Map<String, Object> data) {
        Object percent = data.get("percent");
        return percent == null ? "A limit was reached" : percent + " % of the volume used";
    }

    private static String volume(Map<String, Object> data, String name) {
        return data.get(name) instanceof Number bytes ? LabelText.volume(bytes.longValue(), Locale.ENGLISH) : "Volume";
    }

    private static String word(Map<String, Object> data, String name) {
        @Nullable Object value = data.get(name);
        return value == null ? "?" : String.valueOf(value);
    }

    /** {@code plan.quota_used} reads "Plan quota used". */
    private static String sentence(String dotted) {
        String text = dotted.replace('.', ' ').replace('_', ' ');
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}

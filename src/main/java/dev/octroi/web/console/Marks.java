package dev.octroi.web.console;

import dev.octroi.catalog.LabelText;
import dev.octroi.db.PublicId;
import dev.octroi.policy.Level;
import dev.octroi.web.Html;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the console says levels, states, volumes and times. A colour never stands without its word. */
final class Marks {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMM yyyy HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Marks() {}

    /** A level with its speed. */
    static void level(Html html, Level level, @Nullable Integer downKbps) {
        switch (level) {
            case NORMAL -> mark(html, "go", "Full speed");
            case THROTTLED -> mark(html, "slow", downKbps == null ? "Slowed" : "Slowed to " + downKbps + " kbit/s");
            case BACKGROUND_BLOCKED -> mark(html, "slow", "Background blocked");
            case SUSPENDED_DATA -> mark(html, "stop", "Data suspended");
            case SUSPENDED_ALL -> mark(html, "stop", "All suspended");
        }
    }

    /** A state's word; {@code kind} is the colour: {@code go}, {@code slow}, {@code stop} or empty. */
    static void mark(Html html, String kind, String word) {
        html.raw("<span class=\"mark ").raw(kind).raw("\">").text(word).raw("</span>");
    }

    /** The colour of an alarm's, case's or callback's state. */
    static String colour(String state) {
        return switch (state) {
            case "delivered", "resolved", "dismissed" -> "go";
            case "pending", "resolving" -> "slow";
            case "open", "dead", "confirmed" -> "stop";
            default -> "";
        };
    }

    /** A dotted or underscored code in words: {@code plan.quota_used} reads "Plan quota used". */
    static String words(String code) {
        String text = code.replace('.', ' ').replace('_', ' ').replace('-', ' ').strip();
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** A link to a subscription's page. */
    static void subscription(Html html, long id) {
        String name = PublicId.SUBSCRIPTION.format(id);
        html.raw("<a href=\"")
                .raw(ConsolePages.SUBSCRIPTIONS)
                .raw("/")
                .text(name)
                .raw("\"><code>");
        html.text(name).raw("</code></a>");
    }

    /** How much of a volume is used, as a bar; the words stand beside it. */
    static void meter(Html html, long usedBytes, long quotaBytes) {
        long percent = quotaBytes <= 0 ? 0 : Math.clamp(Math.round(100.0 * usedBytes / quotaBytes), 0, 100);
        String fill = percent >= 100 ? "#9c2226" : percent >= 80 ? "#c98200" : "#0b6b4f";
        html.raw("<svg class=meter viewBox=\"0 0 100 6\" preserveAspectRatio=none role=img aria-label=\"")
                .number(percent)
                .raw(" % used\"><rect width=100 height=6 fill=\"#e1e8ed\" /><rect height=6 width=")
                .number(percent)
                .raw(" fill=\"")
                .raw(fill)
                .raw("\" /></svg>");
    }

    /** A figure with its name. */
    static void tile(Html html, String kind, String figure, String name) {
        html.raw("<div class=\"tile ")
                .raw(kind)
                .raw("\"><b>")
                .text(figure)
                .raw("</b><span>")
                .text(name)
                .raw("</span></div>");
    }

    /** A count that may have stopped early. */
    static String count(int count) {
        return count >= ConsoleStore.MAX_COUNTED ? count + "+" : Integer.toString(count);
    }

    /** A span of milliseconds. */
    static String millis(long ms) {
        return ms < 10_000 ? ms + " ms" : ms / 1_000 + " s";
    }

    /** A volume in decimal units. */
    static String volume(long bytes) {
        return LabelText.volume(bytes, Locale.ENGLISH);
    }

    /** A moment in UTC. */
    static String moment(Instant moment) {
        return MOMENT.format(moment);
    }

    /** A moment, or a dash. */
    static String momentOrDash(@Nullable Instant moment) {
        return moment == null ? "–" : moment(moment);
    }

    /** How long ago, in the largest fitting unit. */
    static String age(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }
}

package dev.octroi.web.console;

import dev.octroi.rsp.words.StatusWords;
import dev.octroi.subscription.TimelineEntry;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a subscription came to where it is: what happened, when, on which device, and who must act. */
final class TimelineCard {
    private TimelineCard() {}

    static void write(Html html, List<TimelineEntry> timeline, Instant now) {
        html.raw("<section class=\"card wide\"><h2>Timeline, newest first</h2>");
        if (timeline.isEmpty()) {
            html.raw("<p class=soft>Nothing has happened yet.</p></section>");
            return;
        }
        html.raw("<ol class=line>");
        for (TimelineEntry entry : timeline) {
            boolean failed = entry.refusal().isPresent();
            html.raw("<li class=\"").text(failed ? "failed" : entry.kind()).raw("\">");
            if (failed) {
                failure(html, entry);
            } else {
                html.text(entry.summary(Locale.ENGLISH));
            }
            device(html, entry);
            html.raw("<time class=soft>")
                    .text(Marks.moment(entry.at()) + " (" + Marks.age(entry.at(), now) + " ago)")
                    .raw("</time></li>");
        }
        html.raw("</ol></section>");
    }

    private static void failure(Html html, TimelineEntry entry) {
        entry.refusal().ifPresent(code -> {
            Marks.mark(html, "stop", code.subjectCode() + "/" + code.reasonCode());
            html.raw(" ").text(entry.summary(Locale.ENGLISH)).raw(" ");
            Marks.mark(
                    html,
                    "slow",
                    "To act: " + Marks.words(StatusWords.actor(code).word()).toLowerCase(Locale.ROOT));
        });
    }

    /** What card and device said of themselves; a line of its own, when they said something. */
    private static void device(Html html, TimelineEntry entry) {
        if (!(entry.data().get("device") instanceof Map<?, ?> device)) {
            return;
        }
        StringBuilder facts = new StringBuilder();
        fact(facts, "TAC ", device.get("tac"));
        fact(facts, "SGP.22 ", device.get("specVersion"));
        fact(facts, "firmware ", device.get("firmware"));
        if (device.get("freeMemoryBytes") instanceof Number free) {
            fact(facts, "", free.longValue() / 1_000 + " kB free");
        }
        if (!facts.isEmpty()) {
            html.raw("<br><small>Device: ").text(facts.toString()).raw("</small>");
        }
    }

    private static void fact(StringBuilder facts, String name, @Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            facts.append(facts.isEmpty() ? "" : ", ").append(name).append(value);
        }
    }
}

package dev.octroi.web.console;

import dev.octroi.db.PublicId;
import dev.octroi.support.Alarm;
import dev.octroi.support.KindPrecision;
import dev.octroi.web.Html;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The queue of alarms that nobody has settled. */
final class AlarmsPage {
    static final int ROWS = 50;
    private static final int MAX_REASONS = 3;

    private AlarmsPage() {}

    /**
     * The page.
     *
     * @param alarms one more than {@link #ROWS} says that there are more
     * @param precision how alarms were answered so far
     */
    static Page of(List<Alarm> alarms, List<KindPrecision> precision, Instant now) {
        Html html = new Html();
        precision(html, precision);
        html.raw("<section class=card>");
        if (alarms.isEmpty()) {
            html.raw(
                    "<p>No open alarms: no subscription uses data in a way that its traveller would not expect.</p></section>");
            return Page.live("Alarms", ConsolePages.ALARMS, html.toString());
        }
        html.raw("<table><thead><tr><th scope=col>What<th scope=col>Subscription<th scope=col>Expected");
        html.raw("<th scope=col>Observed<th scope=col>Why<th scope=col>Done<th scope=col>Opened<th scope=col>Case");
        html.raw("</tr></thead><tbody>");
        for (Alarm alarm : alarms.subList(0, Math.min(alarms.size(), ROWS))) {
            row(html, alarm, now);
        }
        html.raw("</tbody></table>");
        if (alarms.size() > ROWS) {
            html.raw("<p class=pager><a href=\"?before=")
                    .text(PublicId.ALARM.format(alarms.get(ROWS - 1).id()))
                    .raw("\">Older alarms</a></p>");
        }
        html.raw("</section>");
        return Page.live("Alarms", ConsolePages.ALARMS, html.toString());
    }

    /** How good the alarms are, as far as people have said. */
    private static void precision(Html html, List<KindPrecision> kinds) {
        if (kinds.isEmpty()) {
            return;
        }
        html.raw("<div class=tiles>");
        for (KindPrecision each : kinds) {
            int answered = each.real() + each.meant();
            html.raw("<div class=tile><b>");
            html.text(answered == 0 ? "–" : Math.round(100.0 * each.real() / answered) + " %");
            html.raw("</b><span>").text(Marks.words(each.kind()) + " right").raw("<br>");
            html.text(answered + " of " + each.alarms() + " answered").raw("</span></div>");
        }
        html.raw("</div>");
    }

    private static void row(Html html, Alarm alarm, Instant now) {
        html.raw("<tr><td data-label=What><span>");
        Marks.mark(html, Marks.colour(alarm.state()), Marks.words(alarm.kind()));
        html.raw("<br><small>")
                .text(Marks.words(alarm.category()) + ", " + alarm.zone())
                .raw("</small></span>");
        html.raw("<td data-label=Subscription>");
        Marks.subscription(html, alarm.subscriptionId());
        html.raw("<td data-label=Expected class=num>").text(expected(alarm));
        html.raw("<td data-label=Observed class=num><span><b>")
                .text(Marks.volume(alarm.observedBytes()))
                .raw("</b><br><small>");
        html.text("since " + Marks.moment(alarm.since())).raw("</small></span><td data-label=Why><span>");
        html.text(String.join(", ", reasons(alarm))).raw("<br><small>confidence ");
        html.number(Math.round(alarm.confidence() * 100)).raw(" %</small></span><td data-label=Done>");
        html.raw("<span>").text(Marks.words(alarm.action()));
        if (alarm.savedBytes() > 0) {
            html.raw("<br><small>saved about ")
                    .text(Marks.volume(alarm.savedBytes()))
                    .raw("</small>");
        }
        html.raw("</span><td data-label=Opened>").text(Marks.age(alarm.openedAt(), now));
        html.raw(" ago<td data-label=Case><code>");
        html.text(
                alarm.caseId().isPresent() ? PublicId.CASE.format(alarm.caseId().getAsLong()) : "–");
        html.raw("</code></tr>");
    }

    /** An alarm in a few words. */
    static void what(Html html, Alarm alarm) {
        Marks.mark(html, Marks.colour(alarm.state()), "Alarm " + alarm.state());
        html.raw(" ").text(Marks.words(alarm.kind())).raw(": ").text(Marks.volume(alarm.observedBytes()));
        html.raw(" where ").text(expected(alarm)).raw(" was expected");
    }

    private static String expected(Alarm alarm) {
        return Marks.volume(alarm.expectedLowBytes()) + " to " + Marks.volume(alarm.expectedHighBytes());
    }

    private static List<String> reasons(Alarm alarm) {
        List<String> words = new ArrayList<>();
        for (Object each : alarm.reasons()) {
            if (words.size() < MAX_REASONS && each instanceof JsonObject reason) {
                words.add(Marks.words(reason.getString("feature", "")));
            }
        }
        return words.isEmpty() ? List.of("–") : words;
    }
}

package dev.octroi.web.console;

import dev.octroi.db.PublicId;
import dev.octroi.quota.account.RecordName;
import dev.octroi.usage.QuarantinedRecord;
import dev.octroi.web.Html;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Usage records that could not be counted and wait; they are resolved over the admin API. */
final class QuarantinePage {
    static final int ROWS = 50;

    private QuarantinePage() {}

    /**
     * The page.
     *
     * @param records longest kept first; one more than {@link #ROWS} says that there are more
     */
    static Page of(List<QuarantinedRecord> records, Instant now) {
        Html html = new Html();
        html.raw("<section class=card>");
        if (records.isEmpty()) {
            html.raw("<p>No usage record waits: everything that was reported is counted or was refused.</p></section>");
            return Page.live("Quarantine", ConsolePages.QUARANTINE, html.toString());
        }
        html.raw("<p class=soft>Release or drop a record by its number over the admin API, with a reason.</p>");
        html.raw("<table><thead><tr><th scope=col>Why<th scope=col>Feed<th scope=col>Record<th scope=col>Volume");
        html.raw("<th scope=col>Network<th scope=col>Ended<th scope=col>Waits<th scope=col>Number</tr></thead><tbody>");
        for (QuarantinedRecord record : records.subList(0, Math.min(records.size(), ROWS))) {
            row(html, record, now);
        }
        html.raw("</tbody></table>");
        if (records.size() > ROWS) {
            html.raw("<p class=pager><a href=\"?after=")
                    .text(PublicId.QUARANTINED.format(records.get(ROWS - 1).id()))
                    .raw("\">Later records</a></p>");
        }
        html.raw("</section>");
        return Page.live("Quarantine", ConsolePages.QUARANTINE, html.toString());
    }

    private static void row(Html html, QuarantinedRecord record, Instant now) {
        JsonObject reported = record.record();
        boolean readable = record.isReadable();
        html.raw("<tr><td data-label=Why>");
        Marks.mark(html, readable ? "slow" : "stop", Marks.words(record.reason()));
        html.raw("<td data-label=Feed>").text(record.source());
        html.raw("<td data-label=Record><code>").text(name(record)).raw("</code>");
        html.raw("<td data-label=Volume class=num>").text(readable ? volume(reported) : "–");
        html.raw("<td data-label=Network>").text(readable ? reported.getString("plmn") : "–");
        html.raw("<td data-label=Ended>").text(readable ? Marks.moment(Instant.parse(reported.getString("end"))) : "–");
        if (record.isInFuture(now)) {
            html.raw("<br><small class=soft>not over yet: release it then, or drop it</small>");
        }
        html.raw("<td data-label=Waits>").text(Marks.age(record.receivedAt(), now));
        html.raw("<td data-label=Number><code>")
                .text(PublicId.QUARANTINED.format(record.id()))
                .raw("</code></tr>");
    }

    /** Of one that nobody could read its place at the feed, which its reader needs. */
    private static String name(QuarantinedRecord record) {
        return record.isReadable() ? RecordName.of(record.source(), record.key()) : record.key();
    }

    private static String volume(JsonObject reported) {
        String bytes = Marks.volume(reported.getLong("up") + reported.getLong("down"));
        return reported.getString("meaning").equals("ABSOLUTE_REMAINING") ? bytes + " left" : bytes;
    }
}

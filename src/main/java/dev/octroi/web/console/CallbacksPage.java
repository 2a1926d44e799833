package dev.octroi.web.console;

import dev.octroi.access.Principal;
import dev.octroi.db.PublicId;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.List;

/** What waits in the outbox, and what became of the rest. */
final class CallbacksPage {
    static final int ROWS = 100;

    private CallbacksPage() {}

    static Page of(
            CallbackHealth health,
            List<UnconfirmedRow> unconfirmed,
            List<CallbackRow> waiting,
            List<CallbackRow> settled,
            Principal who,
            Instant now) {
        Html html = new Html();
        html.raw("<div class=tiles>");
        Marks.tile(html, "go", Marks.count(health.delivered()), "policies delivered, 24 h");
        Marks.tile(html, health.dead() > 0 ? "stop" : "go", Marks.count(health.dead()), "policies given up, 24 h");
        Marks.tile(
                html,
                "",
                health.delivered() == 0 ? "–" : Marks.millis(health.medianMs()),
                "median, decision to answer");
        Marks.tile(
                html,
                "",
                health.delivered() == 0 ? "–" : Marks.millis(health.p95Ms()),
                "95 of 100, decision to answer");
        html.raw("</div>");
        UnconfirmedCard.write(html, unconfirmed, who, now);
        table(html, "Waiting, oldest first", "Nothing waits.", waiting, who, now);
        table(html, "Settled in the last 24 hours, latest first", "Nothing was sent.", settled, who, now);
        return Page.live("Callbacks", ConsolePages.CALLBACKS, html.toString());
    }

    private static void table(
            Html html, String title, String empty, List<CallbackRow> rows, Principal who, Instant now) {
        html.raw("<section class=card>").element("h2", title);
        if (rows.isEmpty()) {
            html.raw("<p class=soft>").text(empty).raw("</p></section>");
            return;
        }
        html.raw("<table><thead><tr><th scope=col>State<th scope=col>To<th scope=col>Speaks of");
        html.raw(who.tenantId() == 0 ? "<th scope=col>Reseller" : "");
        html.raw(
                "<th scope=col>Attempts<th scope=col>Last error<th scope=col>Age<th scope=col>Time</tr></thead><tbody>");
        rows.forEach(row -> row(html, row, who, now));
        html.raw("</tbody></table>");
        if (rows.size() >= ROWS) {
            html.raw("<p class=soft>The first ").number(ROWS).raw(" are shown.</p>");
        }
        html.raw("</section>");
    }

    private static void row(Html html, CallbackRow row, Principal who, Instant now) {
        html.raw("<tr><td data-label=State><span>");
        Marks.mark(html, Marks.colour(row.state()), word(row));
        html.raw("</span><td data-label=To><span>").text(to(row.stream()));
        if (row.stream().equals("webhook")) {
            html.raw(" <code>").text(PublicId.WEBHOOK.format(row.endpointId())).raw("</code>");
        }
        html.raw("<br><small>");
        String type = row.eventType();
        if (type == null) {
            html.raw("version ").number(row.version());
        } else {
            html.text(type);
        }
        html.raw("</small></span><td data-label=\"Speaks of\">");
        subject(html, row);
        if (who.tenantId() == 0) {
            html.raw("<td data-label=Reseller>").text(row.tenantName());
        }
        html.raw("<td data-label=Attempts class=num>").number(row.attempts());
        html.raw("<td data-label=\"Last error\"><span>").text(row.lastError() == null ? "–" : row.lastError());
        if (row.lastStatus() != null) {
            html.raw(" <small>HTTP ").number(row.lastStatus()).raw("</small>");
        }
        html.raw("</span><td data-label=Age class=num>").text(Marks.age(row.createdAt(), now));
        html.raw("<td data-label=Time>");
        Instant doneAt = row.doneAt();
        html.text(doneAt == null ? "next " + Marks.moment(row.nextAt()) : Marks.moment(doneAt))
                .raw("</tr>");
    }

    private static void subject(Html html, CallbackRow row) {
        switch (row.subject()) {
            case SUBSCRIPTION -> Marks.subscription(html, row.subjectId());
            case CHANGE -> code(html, PublicId.CHANGE.format(row.subjectId()));
            case WEBHOOK -> code(html, PublicId.WEBHOOK.format(row.subjectId()));
            case OTHER -> html.text("–");
        }
    }

    private static void code(Html html, String name) {
        html.raw("<code>").text(name).raw("</code>");
    }

    private static String to(String stream) {
        return switch (stream) {
            case "network" -> "Network";
            case "webhook" -> "Webhook";
            case "es2" -> "Operator, ES2+";
            case "charging" -> "Network function";
            default -> Marks.words(stream);
        };
    }

    private static String word(CallbackRow row) {
        return switch (row.state()) {
            case "pending" -> row.attempts() == 0 ? "Waiting" : "Trying again";
            case "delivered" -> "Delivered";
            case "superseded" -> "Superseded";
            case "dead" -> "Given up";
            default -> Marks.words(row.state());
        };
    }
}

package dev.octroi.web.console;

import dev.octroi.access.Principal;
import dev.octroi.db.PublicId;
import dev.octroi.policy.Level;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.List;

/** The list of subscriptions with their live state. */
final class SubscriptionsPage {
    static final int ROWS = 50;

    private SubscriptionsPage() {}

    /** @param rows one more than {@link #ROWS} says that there are more */
    static Page of(List<SubscriptionRow> rows, Totals totals, Principal who, Instant now) {
        Html html = new Html();
        tiles(html, totals, who);
        html.raw("<section class=card>");
        if (rows.isEmpty()) {
            html.raw("<p>No subscriptions yet.</p></section>");
            return Page.live("Subscriptions", ConsolePages.SUBSCRIPTIONS, html.toString());
        }
        html.raw("<table><thead><tr><th scope=col>Subscription<th scope=col>Plan");
        html.raw(who.tenantId() == 0 ? "<th scope=col>Reseller" : "");
        html.raw("<th scope=col>State<th scope=col>Reason");
        html.raw(who.has(ConsoleReader.USE) ? "<th scope=col>Volume<th scope=col>Counted up to" : "");
        html.raw("<th scope=col>Network</tr></thead><tbody>");
        for (SubscriptionRow row : rows.subList(0, Math.min(rows.size(), ROWS))) {
            row(html, row, who, now);
        }
        html.raw("</tbody></table>");
        if (rows.size() > ROWS) {
            html.raw("<p class=pager><a href=\"?before=")
                    .text(PublicId.SUBSCRIPTION.format(rows.get(ROWS - 1).id()))
                    .raw("\">Older subscriptions</a></p>");
        }
        html.raw("</section>");
        return Page.live("Subscriptions", ConsolePages.SUBSCRIPTIONS, html.toString());
    }

    private static void tiles(Html html, Totals totals, Principal who) {
        html.raw("<div class=tiles>");
        Marks.tile(html, "", Marks.count(totals.subscriptions()), "subscriptions");
        Marks.tile(html, "go", Marks.count(totals.normal()), "at full speed");
        Marks.tile(html, "slow", Marks.count(totals.slowed()), "slowed");
        Marks.tile(html, "stop", Marks.count(totals.suspended()), "suspended");
        if (who.has("cases:read")) {
            Marks.tile(html, totals.openAlarms() > 0 ? "stop" : "go", Marks.count(totals.openAlarms()), "open alarms");
        }
        if (who.has("policies:read")) {
            Marks.tile(html, totals.waiting() > 0 ? "slow" : "go", Marks.count(totals.waiting()), "callbacks waiting");
            Marks.tile(html, totals.dead() > 0 ? "stop" : "go", Marks.count(totals.dead()), "callbacks given up, 24 h");
        }
        html.raw("</div>");
    }

    private static void row(Html html, SubscriptionRow row, Principal who, Instant now) {
        html.raw("<tr><td data-label=Subscription><span>");
        Marks.subscription(html, row.id());
        html.raw("<br><small>sold ").text(Marks.age(row.createdAt(), now)).raw(" ago</small></span>");
        html.raw("<td data-label=Plan>").text(row.planName());
        if (who.tenantId() == 0) {
            html.raw("<td data-label=Reseller>").text(row.tenantName());
        }
        html.raw("<td data-label=State><span>");
        Marks.level(html, Level.valueOf(row.level()), row.downKbps());
        html.raw("</span><td data-label=Reason><span>").text(reason(row));
        if (row.untilAt() != null) {
            html.raw("<br><small>until ").text(Marks.moment(row.untilAt())).raw("</small>");
        }
        html.raw("</span>");
        if (who.has(ConsoleReader.USE)) {
            use(html, row, now);
        }
        html.raw("<td data-label=Network><span>");
        delivery(html, row);
        html.raw("</span></tr>");
    }

    private static void use(Html html, SubscriptionRow row, Instant now) {
        html.raw("<td data-label=Volume class=num><span>")
                .text(Marks.volume(row.usedBytes()))
                .raw(row.isMember() ? " used by all, " : " used, ");
        html.text(Marks.volume(row.leftBytes())).raw(" left");
        Marks.meter(html, row.usedBytes(), row.quotaBytes());
        html.raw("</span><td data-label=\"Counted up to\">");
        html.text(row.lastEventAt() == null ? "nothing yet" : Marks.age(row.lastEventAt(), now) + " ago");
    }

    private static String reason(SubscriptionRow row) {
        if (row.level().equals("NORMAL")) {
            return row.ended() ? "Plan ended" : "–";
        }
        return Marks.words(row.reason());
    }

    /** How far the network has followed. */
    static void delivery(Html html, SubscriptionRow row) {
        if (row.desiredVersion() == 0) {
            html.raw("<span class=soft>nothing to tell</span>");
        } else if (row.confirmedVersion() >= row.desiredVersion()) {
            Marks.mark(html, "go", "Confirmed");
        } else {
            Marks.mark(html, "slow", "Not confirmed");
        }
    }
}

package dev.octroi.web.console;

import dev.octroi.access.Principal;
import dev.octroi.policy.Level;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.List;

/** What each network should do beside what it was sent and what it confirmed, where these differ. */
final class UnconfirmedCard {
    private UnconfirmedCard() {}

    static void write(Html html, List<UnconfirmedRow> rows, Principal who, Instant now) {
        html.raw("<section class=card>").element("h2", "Not confirmed by the network, oldest first");
        if (rows.isEmpty()) {
            html.raw("<p class=soft>Every policy is confirmed.</p></section>");
            return;
        }
        html.raw("<table><thead><tr><th scope=col>State<th scope=col>Subscription");
        html.raw(who.tenantId() == 0 ? "<th scope=col>Reseller" : "");
        html.raw("<th scope=col>Desired<th scope=col>Sent<th scope=col>Confirmed<th scope=col>Sent again"
                + "<th scope=col>Last error<th scope=col>Since</tr></thead><tbody>");
        rows.forEach(row -> row(html, row, who, now));
        html.raw("</tbody></table>");
        if (rows.size() >= CallbacksPage.ROWS) {
            html.raw("<p class=soft>The first ").number(CallbacksPage.ROWS).raw(" are shown.</p>");
        }
        html.raw("</section>");
    }

    private static void row(Html html, UnconfirmedRow row, Principal who, Instant now) {
        html.raw("<tr><td data-label=State><span>");
        if (row.escalatedAt() != null) {
            Marks.mark(html, "stop", "Escalated");
        } else if (row.repairs() > 0) {
            Marks.mark(html, "slow", "Sent again");
        } else {
            Marks.mark(html, "slow", "On its way");
        }
        html.raw("</span><td data-label=Subscription>");
        Marks.subscription(html, row.subscriptionId());
        if (who.tenantId() == 0) {
            html.raw("<td data-label=Reseller>").text(row.tenantName());
        }
        html.raw("<td data-label=Desired><span>")
                .text(Marks.words(Level.valueOf(row.level()).word()));
        html.raw("<br><small>version ").number(row.desiredVersion()).raw("</small></span>");
        version(html, "Sent", row.sentVersion());
        version(html, "Confirmed", row.confirmedVersion());
        html.raw("<td data-label=\"Sent again\" class=num>").number(row.repairs());
        html.raw("<td data-label=\"Last error\">").text(row.lastError() == null ? "–" : row.lastError());
        html.raw("<td data-label=Since class=num>")
                .text(Marks.age(row.desiredAt(), now))
                .raw("</tr>");
    }

    private static void version(Html html, String label, long version) {
        html.raw("<td data-label=").raw(label).raw(" class=num>");
        if (version == 0) {
            html.text("–");
        } else {
            html.number(version);
        }
    }
}

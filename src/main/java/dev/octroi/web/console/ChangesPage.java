package dev.octroi.web.console;

import dev.octroi.access.Principal;
import dev.octroi.db.PublicId;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.quota.account.ItemState;
import dev.octroi.rollout.ChangeState;
import dev.octroi.rollout.PolicyChange;
import dev.octroi.rollout.Rollout;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Changes of policy over many subscriptions; they are proposed, approved, held and undone over the admin API. */
final class ChangesPage {
    private ChangesPage() {}

    /** A change and how many subscriptions are how far. */
    record Shown(PolicyChange change, Map<ItemState, Integer> tally) {}

    static Page of(List<Shown> changes, Principal who, Instant now) {
        Html html = new Html();
        html.raw("<section class=card>");
        if (changes.isEmpty()) {
            html.raw("<p>Nobody has changed the policy of many subscriptions.</p></section>");
            return Page.live("Changes", ConsolePages.CHANGES, html.toString());
        }
        html.raw(
                "<p class=soft>Approve, pause, resume or undo a change by its number over the admin API, with a reason.</p>");
        html.raw("<table><thead><tr><th scope=col>State<th scope=col>What<th scope=col>Why");
        if (who.tenantId() == Principal.OPERATOR) {
            html.raw("<th scope=col>Reseller");
        }
        html.raw("<th scope=col>Step");
        html.raw(
                "<th scope=col>Has it<th scope=col>Proposed<th scope=col>Approved<th scope=col>Number</tr></thead><tbody>");
        changes.forEach(each -> row(html, each, who, now));
        html.raw("</tbody></table></section>");
        return Page.live("Changes", ConsolePages.CHANGES, html.toString());
    }

    private static void row(Html html, Shown shown, Principal who, Instant now) {
        PolicyChange change = shown.change();
        Rollout rollout = change.rollout();
        html.raw("<tr><td data-label=State><span>");
        Marks.mark(html, colour(rollout.state()), Marks.words(rollout.state().word()));
        String stopped = rollout.stopReason();
        if (stopped != null) {
            html.raw("<br><small>").text(stopped).raw("</small>");
        }
        html.raw("</span><td data-label=What>").text(what(change.act()));
        html.raw("<td data-label=Why>").text(change.reason());
        if (who.tenantId() == Principal.OPERATOR) {
            // As the path of the admin API names it, by which the change is approved, paused and undone.
            html.raw("<td data-label=Reseller><code>")
                    .text(PublicId.TENANT.format(change.tenantId()))
                    .raw("</code>");
        }
        html.raw("<td data-label=Step class=num>")
                .text(rollout.step() + 1 + " of " + change.plan().steps().size() + ", "
                        + change.plan().steps().get(rollout.step()).percent() + " %");
        html.raw("<td data-label=\"Has it\" class=num>").text(progress(shown));
        html.raw("<td data-label=Proposed>")
                .text(change.proposedBy() + ", " + Marks.age(change.proposedAt(), now) + " ago");
        html.raw("<td data-label=Approved>").text(approved(change));
        html.raw("<td data-label=Number><code>")
                .text(PublicId.CHANGE.format(change.id()))
                .raw("</code></tr>");
    }

    private static String progress(Shown shown) {
        int applied = shown.tally().getOrDefault(ItemState.APPLIED, 0);
        int before = shown.tally().getOrDefault(ItemState.UNCHANGED, 0);
        int refused = shown.tally().getOrDefault(ItemState.REFUSED, 0);
        String text = applied + before + " of " + shown.change().plan().total();
        return text
                + (before == 0 ? "" : ", " + before + " before")
                + (refused == 0 ? "" : ", " + refused + " refused");
    }

    private static String approved(PolicyChange change) {
        String by = change.decidedBy();
        if (by != null) {
            return by;
        }
        Instant until = change.rollout().expiresAt();
        if (change.rollout().state() == ChangeState.WAITING && until != null) {
            return "needed until " + Marks.moment(until);
        }
        return until == null ? "not needed" : "–";
    }

    private static String what(ChangeAct act) {
        return switch (act) {
            case ChangeAct.PutRule put ->
                "Rule " + put.rule().id() + " of the " + put.rule().owner().word();
            case ChangeAct.RemoveRule remove ->
                "No rule " + remove.ruleId() + " of the " + remove.owner().word();
            case ChangeAct.Suspend suspend -> suspend.everything() ? "Suspend everything" : "Suspend data";
        };
    }

    private static String colour(ChangeState state) {
        return switch (state) {
            case COMPLETED -> "go";
            case WAITING, RUNNING, PAUSED, UNDOING -> "slow";
            case STOPPED -> "stop";
            case REJECTED, WITHDRAWN, EXPIRED, UNDONE -> "";
        };
    }
}

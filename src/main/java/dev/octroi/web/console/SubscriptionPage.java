package dev.octroi.web.console;

import dev.octroi.db.PublicId;
import dev.octroi.drain.NormalBand;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Forecast;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.OverageView;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.subscription.TimelineEntry;
import dev.octroi.support.Alarm;
import dev.octroi.support.SupportCase;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One subscription: why it is as it is, and how it came to that. */
final class SubscriptionPage {
    private SubscriptionPage() {}

    /**
     * What the page shows.
     *
     * @param members who spends the same volume; empty where nobody else does
     * @param support alarms and cases; empty when the caller may not see them
     * @param use what it used and what is normal
     * @param showsUse whether the caller may see volumes and where the device is
     */
    record Facts(
            SubscriptionRow row,
            AccountView account,
            Optional<MembersView> members,
            List<TimelineEntry> timeline,
            Optional<SupportFacts> support,
            Optional<UseFacts> use,
            boolean showsUse) {}

    /** What the subscription uses. */
    record UseFacts(NormalBand band, List<UsagePoint> hours) {}

    /** What support knows of the subscription. */
    record SupportFacts(List<Alarm> alarms, List<SupportCase> cases) {}

    static Page of(Facts facts, Instant now) {
        Html html = new Html();
        html.raw("<div class=grid>");
        state(html, facts);
        restrictions(html, facts.account(), now);
        if (facts.showsUse()) {
            volume(html, facts.account());
        }
        facts.members()
                .ifPresent(
                        members -> MembersCard.write(html, members, facts.row().id(), now));
        facts.support().ifPresent(support -> support(html, support, now));
        facts.use()
                .ifPresent(use -> BandChart.draw(
                        html, use.band(), use.hours(), facts.account().timeZone(), now));
        TimelineCard.write(html, facts.timeline(), now);
        html.raw("</div>");
        return Page.drawn(facts.row().planName(), ConsolePages.SUBSCRIPTIONS, html.toString());
    }

    private static void state(Html html, Facts facts) {
        AccountView account = facts.account();
        Policy policy = account.policy();
        Speed speed = policy.speed();
        html.raw("<section class=card><h2>State</h2><dl><dt>Subscription<dd><code>");
        html.text(PublicId.SUBSCRIPTION.format(facts.row().id())).raw("</code><dt>Reseller<dd>");
        html.text(facts.row().tenantName()).raw("<dt>Policy<dd>");
        Marks.level(html, policy.level(), speed == null ? null : speed.downKbps());
        if (!policy.blockedCategories().isEmpty()) {
            html.raw("<dt>Categories<dd>").text(String.join(", ", policy.blockedCategories()));
        }
        if (!policy.reasonCode().equals(Policy.NO_REASON)) {
            html.raw("<dt>Because<dd>").text(Marks.words(policy.reasonCode()));
            html.raw("<dt>Until<dd>").text(until(policy.until()));
        }
        html.raw("<dt>Network<dd>");
        SubscriptionsPage.delivery(html, facts.row());
        html.raw("<dt>Period<dd>")
                .text(Marks.words(account.period().state().name().toLowerCase(Locale.ROOT)));
        if (account.period().endsAt() != null) {
            html.text(", to " + Marks.moment(account.period().endsAt()));
        } else if (account.period().predictedEndsAt() != null) {
            html.text(
                    ", begins " + Marks.words(account.period().waitsFor().name().toLowerCase(Locale.ROOT))
                            + "; now begun it would end "
                            + Marks.moment(account.period().predictedEndsAt()));
        }
        if (facts.showsUse() && account.place() != null) {
            html.raw("<dt>Place<dd>")
                    .text(account.place().country() + ", network "
                            + account.place().plmn());
            if (account.place().zoneName() != null) {
                html.text(", zone " + account.place().zoneName());
            }
        }
        html.raw("<dt>Time zone<dd>").text(account.timeZone().getId()).raw("</dl></section>");
    }

    private static void restrictions(Html html, AccountView account, Instant now) {
        html.raw("<section class=card><h2>Restrictions, strongest first</h2>");
        if (account.restrictions().isEmpty()) {
            html.raw("<p class=soft>Nothing holds this subscription back.</p>");
        }
        html.raw("<ul class=plain>");
        for (Restriction each : account.restrictions()) {
            Speed speed = each.speed();
            html.raw("<li>");
            Marks.level(html, each.level(), speed == null ? null : speed.downKbps());
            html.raw(" ").text(Marks.words(each.reasonCode())).raw("<br><small>");
            html.text(Marks.words(each.restrictionClass().word()) + ", began " + Marks.age(each.from(), now)
                    + " ago, until " + until(each.until()));
            html.raw("</small></li>");
        }
        html.raw("</ul><h2>Rules</h2><dl>");
        for (RuleSet set : account.rules()) {
            html.raw("<dt>").text(owner(set.owner())).raw("<dd>");
            html.text(set.rules().isEmpty() ? "none" : set.rules().size() + ", version " + set.version());
        }
        html.raw("</dl></section>");
    }

    private static void volume(Html html, AccountView account) {
        html.raw("<section class=card><h2>Volume</h2><p class=num><b>").text(Marks.volume(account.remainingBytes()));
        html.raw("</b> left of ").text(Marks.volume(account.totalBytes()));
        Marks.meter(html, account.usedBytes(), account.totalBytes());
        html.raw("</p><dl><dt>Today<dd>").text(Marks.volume(account.todayBytes()));
        html.raw("<dt>Beyond<dd>").text(Marks.volume(account.beyondBytes()));
        if (account.period().renewsAt() != null) {
            html.raw("<dt>Renews<dd>").text(Marks.moment(account.period().renewsAt()));
        }
        html.raw("<dt>Counted up to<dd>")
                .text(Marks.momentOrDash(account.freshness().asOf()));
        html.raw("<dt>May change by<dd>").text(Marks.volume(account.freshness().mayChangeByBytes()));
        Forecast forecast = account.forecast();
        if (forecast != null) {
            html.raw("<dt>Lasts until<dd>");
            html.text(forecast.depletesAt() == null ? "the end of the period" : Marks.moment(forecast.depletesAt()));
            if (account.shared() != null) {
                html.text(", at the pace of all who share it");
            }
        }
        OverageView overage = account.overage();
        if (overage != null) {
            html.raw("<dt>Beyond, charged<dd>").text(overage.charged() + " of at most " + overage.ceiling());
            html.raw("<dt>Charged this month<dd>").text(overage.chargedThisMonth() + " of at most " + overage.limit());
            html.raw("<dt>Agreed<dd>").text(Marks.momentOrDash(overage.agreedAt()));
        }
        for (Bucket bucket : account.buckets()) {
            html.raw("<dt>").text(Marks.words(bucket.kind().word())).raw("<dd>");
            if (bucket.kind() == Bucket.Kind.ZONE) {
                html.text(bucket.reason() + ": ");
            }
            html.text(Marks.volume(bucket.usedBytes()) + " of " + Marks.volume(bucket.quotaBytes()) + " used");
            if (bucket.expiresAt() != null) {
                html.text(", until " + Marks.moment(bucket.expiresAt()));
            }
            if (bucket.validDays() > 0) {
                html.text(", for " + bucket.validDays() + " days from the beginning of the plan");
            }
            if (bucket.extendDays() > 0) {
                html.text(", " + bucket.extendDays() + " days added");
            }
        }
        html.raw("</dl></section>");
    }

    private static void support(Html html, SupportFacts support, Instant now) {
        html.raw("<section class=card><h2>Alarms and cases</h2>");
        if (support.alarms().isEmpty() && support.cases().isEmpty()) {
            html.raw("<p class=soft>None.</p>");
        }
        html.raw("<ul class=plain>");
        for (Alarm alarm : support.alarms()) {
            html.raw("<li>");
            AlarmsPage.what(html, alarm);
            html.raw("<br><small>").text(Marks.age(alarm.openedAt(), now)).raw(" ago, confidence ");
            html.number(Math.round(alarm.confidence() * 100)).raw(" %</small></li>");
        }
        for (SupportCase each : support.cases()) {
            html.raw("<li>");
            Marks.mark(html, Marks.colour(each.state()), "Case " + each.state());
            html.raw(" <code>").text(PublicId.CASE.format(each.id())).raw("</code>");
            if (!each.summary().isEmpty()) {
                html.raw("<br>").text(each.summary());
            }
            if (each.resolution() != null) {
                html.raw("<br><small>").text(Marks.words(each.resolution()));
                if (each.creditBytes() > 0) {
                    html.text(", " + Marks.volume(each.creditBytes()) + " given back");
                }
                if (each.reason() != null) {
                    html.text(": " + each.reason());
                }
                html.raw("</small>");
            }
            html.raw("</li>");
        }
        html.raw("</ul></section>");
    }

    private static String owner(Rule.Owner owner) {
        return switch (owner) {
            case USER -> "Traveller";
            case RESELLER -> "Reseller";
            case OPERATOR -> "Operator";
        };
    }

    private static String until(Until until) {
        return switch (until) {
            case Until.Forever forever -> "no foreseen end";
            case Until.At at -> Marks.moment(at.instant());
            case Until.TopUp topUp ->
                topUp.latest() == null ? "a top-up" : "a top-up, at the latest " + Marks.moment(topUp.latest());
            case Until.ZoneLeft left -> "the device leaves the zone";
            case Until.Lifted lifted -> "it is lifted";
        };
    }
}

package dev.octroi.web.selfcare;

import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.PeriodView;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is left, and of which volumes. */
final class BalanceSection {
    private static final double RING = 2 * Math.PI * 48;

    private final SelfCareView view;
    private final Texts texts;

    BalanceSection(SelfCareView view, Texts texts) {
        this.view = view;
        this.texts = texts;
    }

    void write(Html html) {
        AccountView account = view.account();
        double share = account.totalBytes() == 0 ? 0 : (double) account.remainingBytes() / account.totalBytes();
        boolean hasEnded = account.period().state() == PeriodView.State.ENDED;
        html.raw("<section><div class=ring><svg viewBox=\"0 0 112 112\" aria-hidden=true>")
                .raw("<circle cx=56 cy=56 r=48 fill=none stroke=#e4e9ed stroke-width=12 />")
                .raw(
                        "<circle cx=56 cy=56 r=48 fill=none stroke=#0b6b4f stroke-width=12 transform=\"rotate(-90 56 56)\"")
                .raw(" stroke-dasharray=\"")
                .raw(String.format(Locale.ROOT, "%.1f %.1f", RING * share, RING))
                .raw("\" /></svg><div><b>")
                .text(texts.volume(account.remainingBytes()))
                .raw("</b><br>")
                .text(texts.get(hasEnded ? "ring.unused" : "ring.left", texts.volume(account.totalBytes())))
                .raw("<p class=soft>")
                .text(today())
                .raw("</p></div></div>");
        Instant renewsAt = account.period().renewsAt();
        if (renewsAt != null) {
            Bucket plan = account.buckets().stream()
                    .filter(bucket -> bucket.kind() == Bucket.Kind.PLAN)
                    .findFirst()
                    .orElseThrow();
            html.element(
                    "p",
                    texts.get("renews", texts.volume(plan.quotaBytes()), texts.moment(renewsAt, account.readAt())));
        }
        if (account.buckets().size() > 1) {
            volumes(html, account);
        }
        html.raw("</section>");
    }

    /** The traveller's own, which may be known less well than the volume that others spend, too. */
    private String today() {
        AccountView account = view.account();
        String own = StateSentence.ownFreshness(account, texts);
        if (own.isEmpty()) {
            return texts.get("today", texts.volume(account.todayBytes()));
        }
        return account.ownFreshness().asOf() == null
                ? own
                : texts.get("today", texts.volume(account.todayBytes())) + " · " + own;
    }

    /** What there is to spend, in the order in which it is spent; what is gone is left out. */
    private void volumes(Html html, AccountView account) {
        html.element("h2", texts.get("volumes")).raw("<table>");
        for (Bucket bucket : account.buckets()) {
            if (bucket.quotaBytes() == 0 && bucket.extendDays() == 0) {
                continue;
            }
            List<String> facts = new ArrayList<>();
            if (bucket.quotaBytes() > 0) {
                facts.add(texts.get(
                        "volumes.left", texts.volume(bucket.remainingBytes()), texts.volume(bucket.quotaBytes())));
            }
            if (!bucket.zones().isEmpty()) {
                facts.add(texts.get(
                        "volumes.zones",
                        String.join(
                                ", ",
                                bucket.zones().stream()
                                        .sorted()
                                        .map(zone -> texts.place(
                                                zone, view.zoneNames().getOrDefault(zone, zone)))
                                        .toList())));
            }
            if (bucket.expiresAt() != null) {
                facts.add(texts.get("volumes.until", texts.moment(bucket.expiresAt(), account.readAt())));
            }
            if (bucket.validDays() > 0) {
                facts.add(texts.get("volumes.valid", bucket.validDays()));
            }
            if (bucket.extendDays() > 0) {
                facts.add(texts.get("volumes.days", bucket.extendDays()));
            }
            html.raw("<tr><th scope=row>")
                    .text(
                            bucket.isOfMember()
                                    ? texts.get("volume.member")
                                    : texts.get(
                                            "volume." + bucket.kind().word(),
                                            texts.place(bucket.reference(), bucket.reason())));
            html.raw("<td>").text(String.join(", ", facts));
            if (bucket.kind() == Bucket.Kind.CREDIT && !bucket.isOfMember()) {
                html.raw("<br><small>").text(bucket.reason()).raw("</small>");
            }
        }
        html.raw("</table>");
    }
}

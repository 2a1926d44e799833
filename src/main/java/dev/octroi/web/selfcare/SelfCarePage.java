package dev.octroi.web.selfcare;

import dev.octroi.db.PublicId;
import dev.octroi.http.Languages;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.quota.AccountView;
import dev.octroi.quota.Background;
import dev.octroi.quota.Bucket;
import dev.octroi.quota.OverageView;
import dev.octroi.quota.PeriodView;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.InstallLinks;
import dev.octroi.subscription.QrImage;
import dev.octroi.support.Alarm;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Renders the page: at most 30 KB, no script, one style element. */
final class SelfCarePage {
    static final String STYLE = """
            :root{--ink:#16202a;--soft:#51606e;--line:#d9e0e6;--card:#fff;--bg:#f2f5f7;--go:#0b6b4f;--slow:#8a5a00;--stop:#a3262a}
            *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
            main{max-width:62rem;margin:0 auto;padding:16px;display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr))}
            section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px}
            .state{grid-column:1/-1;border-left:8px solid var(--go)}.slowed{border-left-color:var(--slow)}.suspended,.paused{border-left-color:var(--stop)}
            h1{font-size:1.35rem;line-height:1.35;margin:0 0 4px}h2{font-size:1.05rem;margin:0 0 8px}form+h2{margin-top:20px}p{margin:6px 0}small,.soft,figcaption{color:var(--soft)}
            .ring{display:flex;gap:16px;align-items:center}.ring svg{width:112px;flex:none}.ring b{font-size:1.4rem}
            svg{width:100%;display:block}svg text{font-size:11px;fill:var(--soft)}.bar{fill:#2a6f97}.night{fill:#e4e9ed}.axis{stroke:var(--line)}
            figure{margin:0 0 12px}table{width:100%;border-collapse:collapse;font-size:.9rem}th{text-align:left;font-weight:400;color:var(--soft);padding-right:12px}figure td{text-align:right}th,td{vertical-align:top;padding:4px 0;border-bottom:1px solid var(--line)}
            form{margin:8px 0 0}label{display:block;margin:8px 0}input,select{font:inherit;width:100%;padding:9px;border:1px solid #8b98a5;border-radius:8px;background:#fff}
            button,.go{display:inline-block;font:inherit;font-weight:600;margin:6px 8px 0 0;padding:10px 16px;border:0;border-radius:8px;background:#1d4e6b;color:#fff;text-decoration:none;cursor:pointer}
            .quiet{background:#e4e9ed;color:var(--ink)}.note{background:#e5f3ee;border-radius:8px;padding:8px 12px;grid-column:1/-1}.bad{background:#fbe9e9}
            .qr{max-width:210px;background:#fff;padding:8px}code{word-break:break-all;font-size:.95rem}nav{float:right}nav a{margin-left:10px;color:#1d4e6b}
            :focus-visible{outline:3px solid #2a6f97;outline-offset:2px}
            """;

    /** Names the words of {@code overage.*}; to be changed with them. */
    static final String OVERAGE_TEXT = "self-care-1";

    private static final double RING = 2 * Math.PI * 48;

    private final SelfCareView view;
    private final Texts texts;
    private final String path;
    private final String csrf;

    /**
     * @param path of the magic link, where forms go
     * @param csrf bound to the link; every form carries it
     */
    SelfCarePage(SelfCareView view, Texts texts, String path, String csrf) {
        this.view = view;
        this.texts = texts;
        this.path = path;
        this.csrf = csrf;
    }

    /** The page; the notice is a key of a text, or empty. */
    String render(String notice) {
        Html html = new Html();
        head(html, texts);
        html.raw("<main>");
        if (!notice.isEmpty()) {
            html.raw(notice.endsWith("invalid") ? "<p class=\"note bad\" role=alert>" : "<p class=note role=status>")
                    .text(texts.get(notice))
                    .raw("</p>");
        }
        state(html);
        view.alarm().ifPresent(alarm -> alarm(html, alarm));
        // Whoever has not installed yet wants that first; whoever has, hardly ever again.
        view.installation().filter(install -> !install.isDone()).ifPresent(install -> install(html, install));
        balance(html);
        Optional.ofNullable(view.account().overage()).ifPresent(overage -> overage(html, overage));
        charts(html);
        limits(html);
        background(html);
        bought(html);
        view.installation().filter(Installation::isDone).ifPresent(install -> install(html, install));
        return html.raw("</main></html>").toString();
    }

    /** What a link shows that is none. */
    static String gone(Texts texts) {
        Html html = new Html();
        head(html, texts);
        html.raw("<main><section class=state>").element("h1", texts.get("gone.title"));
        return html.element("p", texts.get("gone.text"))
                .raw("</section></main></html>")
                .toString();
    }

    private static void head(Html html, Texts texts) {
        html.raw("<!doctype html><html lang=").raw(texts.locale().getLanguage());
        html.raw("><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>")
                .text(texts.get("title"))
                .raw("</title><style>")
                .raw(STYLE)
                .raw("</style>");
    }

    private void state(Html html) {
        AccountView account = view.account();
        html.raw("<section class=\"state ").raw(StateSentence.state(account)).raw("\"><nav>");
        for (Locale language : Languages.ALL) {
            String code = language.getLanguage();
            html.raw("<a hreflang=").raw(code).raw(" href=\"?lang=").raw(code).raw("\">");
            html.text(language.getDisplayLanguage(language)).raw("</a>");
        }
        html.raw("</nav>").element("small", view.subscription().planName());
        html.element("h1", StateSentence.of(account, texts))
                .raw("<p class=soft>")
                .text(freshness());
        String period = period(account);
        if (!period.isEmpty()) {
            html.text(" · ").text(period);
        }
        html.raw("</p>");
        if (account.policy().level() != Level.NORMAL && isOwn(account)) {
            button(html, "resume", "resume", "");
        } else {
            button(html, "pause", "pause", "quiet");
        }
        html.raw("</section>");
    }

    /** When the plan ends; for one that waits, what begins it and when it would end then. */
    private String period(AccountView account) {
        PeriodView period = account.period();
        Instant predicted = period.predictedEndsAt();
        if (predicted != null) {
            Instant begin = period.startsAt() == null ? account.readAt() : period.startsAt();
            return texts.get(
                    "begins." + period.waitsFor().name().toLowerCase(Locale.ROOT),
                    texts.moment(predicted, account.readAt()),
                    texts.moment(begin, account.readAt()));
        }
        return period.endsAt() == null ? "" : texts.get("ends", texts.moment(period.endsAt(), account.readAt()));
    }

    private static boolean isOwn(AccountView account) {
        String reason = account.policy().reasonCode();
        return reason.endsWith(".ask_first") || (reason.startsWith("user.") && !reason.equals("user.background"));
    }

    private String freshness() {
        AccountView account = view.account();
        if (account.freshness().asOf() == null) {
            return texts.get("asof.never");
        }
        String asOf = texts.get("asof", texts.moment(account.freshness().asOf(), account.readAt()));
        long open = account.freshness().mayChangeByBytes();
        return open == 0 ? asOf : asOf + ", " + texts.get("maychange", texts.volume(open));
    }

    private void balance(Html html) {
        AccountView account = view.account();
        double share = account.totalBytes() == 0 ? 0 : (double) account.remainingBytes() / account.totalBytes();
        html.raw("<section><div class=ring><svg viewBox=\"0 0 112 112\" role=img aria-label=\"")
                .number(Math.round(share * 100))
                .raw(" %\"><circle cx=56 cy=56 r=48 fill=none stroke=#e4e9ed stroke-width=12 />")
                .raw(
                        "<circle cx=56 cy=56 r=48 fill=none stroke=#0b6b4f stroke-width=12 transform=\"rotate(-90 56 56)\"")
                .raw(" stroke-dasharray=\"")
                .raw(String.format(Locale.ROOT, "%.1f %.1f", RING * share, RING))
                .raw("\" /></svg><div><b>")
                .text(texts.volume(account.remainingBytes()))
                .raw("</b><br>")
                .text(texts.get("ring.left", texts.volume(account.totalBytes())))
                .raw("<p class=soft>")
                .text(texts.get("today", texts.volume(account.todayBytes())))
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
            if (bucket.expiresAt() != null) {
                facts.add(texts.get("volumes.until", texts.moment(bucket.expiresAt(), account.readAt())));
            }
            if (bucket.extendDays() > 0) {
                facts.add(texts.get("volumes.days", bucket.extendDays()));
            }
            html.raw("<tr><th scope=row>")
                    .text(texts.get("volume." + bucket.kind().word(), zone(bucket)));
            html.raw("<td>").text(String.join(", ", facts));
            if (bucket.kind() == Bucket.Kind.CREDIT) {
                html.raw("<br><small>").text(bucket.reason()).raw("</small>");
            }
        }
        html.raw("</table>");
    }

    /** A country is named in the traveller's language. */
    private String zone(Bucket bucket) {
        return place(bucket.reference(), bucket.reason());
    }

    private String place(String zone, String name) {
        return zone.length() == 2 ? Locale.of("", zone).getDisplayCountry(texts.locale()) : name;
    }

    /** What going on costs, what it has cost, and the traveller's word on it. */
    private void overage(Html html, OverageView overage) {
        html.raw("<section>").element("h2", texts.get("overage"));
        html.element(
                "p",
                texts.get(
                        overage.agreedAt() == null ? "overage.off" : "overage.on",
                        overage.pricePerMegabyte().toString(),
                        overage.limit().toString(),
                        overage.ceiling().toString()));
        for (OverageView.ZonePrice each : overage.zonePrices()) {
            html.element(
                    "p",
                    texts.get(
                            "overage.zone",
                            place(each.zone(), each.name()),
                            each.pricePerMegabyte().toString()));
        }
        html.element(
                "p",
                texts.get(
                        "overage.charged",
                        overage.chargedThisMonth().toString(),
                        overage.charged().toString(),
                        texts.volume(overage.chargedBytes())));
        boolean agreed = overage.agreedAt() != null;
        open(html, "overage");
        html.raw("<button class=\"")
                .raw(agreed ? "" : "quiet")
                .raw("\" name=agreed value=")
                .raw(agreed ? "false" : "true");
        html.raw(">")
                .text(texts.get(agreed ? "overage.decline" : "overage.agree"))
                .raw("</button></form></section>");
    }

    private void charts(Html html) {
        html.raw("<section>");
        html.element("p", normal());
        UsageChart.hours(html, view.hours(), view.account().readAt(), texts);
        UsageChart.days(html, view.days(), view.account().readAt(), texts);
        html.raw("</section>");
    }

    private void limits(Html html) {
        Rule daily = view.account().rulesOf(Rule.Owner.USER).rules().stream()
                .filter(rule -> rule.id().equals(LimitRequest.RULE_ID))
                .findFirst()
                .orElse(null);
        html.raw("<section>").element("h2", texts.get("limits"));
        open(html, "limits");
        html.raw("<label>")
                .text(texts.get("limit.label"))
                .raw(" <small>(")
                .text(texts.get("limit.none"))
                .raw(")</small><input name=mb inputmode=numeric maxlength=7 value=\"");
        if (daily != null && daily.when() instanceof Condition.Used used) {
            html.number(used.over() / 1_000_000);
        }
        html.raw("\"></label><label><select name=action>");
        String chosen = daily == null ? "slow" : chosen(daily);
        for (String action : List.of("notify", "slow", "pause")) {
            html.raw("<option value=").raw(action).raw(action.equals(chosen) ? " selected>" : ">");
            html.text(texts.get("limit." + action));
        }
        html.raw("</select></label><button>").text(texts.get("save")).raw("</button></form><h2>");
        html.text(texts.get("alerts"))
                .raw("</h2><p>")
                .text(texts.get("alerts.text", 80))
                .raw("</p></section>");
    }

    /** One sentence: whether the use is like its user. */
    private String normal() {
        if (view.alarm().isPresent()) {
            return texts.get("alarm") + ".";
        }
        return view.band()
                .filter(band -> band.learnedDays() >= 1)
                .map(band -> texts.get("normal", texts.volume(band.usualDayBytes())))
                .orElseGet(() -> texts.get("normal.new"));
    }

    private void background(Html html) {
        Background background = view.account().background();
        html.raw("<section>").element("h2", texts.get("background"));
        html.element("small", texts.get("background.text"));
        open(html, "background");
        html.raw("<label><select name=mode>");
        for (Background.Mode mode : Background.Mode.values()) {
            html.raw("<option value=").raw(mode.word()).raw(mode == background.mode() ? " selected>" : ">");
            html.text(texts.get("background." + mode.word()));
        }
        html.raw("</select></label><label>").text(texts.get("background.mb"));
        html.raw("<input name=below inputmode=numeric value=\"");
        if (background.belowBytes() > 0) {
            html.number(background.belowBytes() / 1_000_000);
        }
        html.raw("\"></label><button>").text(texts.get("save")).raw("</button></form></section>");
    }

    private static String chosen(Rule rule) {
        for (Action action : rule.then()) {
            if (action instanceof Action.Throttle) {
                return "slow";
            }
            if (action instanceof Action.Pause) {
                return "pause";
            }
        }
        return "notify";
    }

    private void alarm(Html html, Alarm alarm) {
        html.raw("<section class=\"state suspended\">").element("h2", texts.get("alarm"));
        html.element(
                "p",
                texts.get(
                        "alarm.text",
                        texts.moment(alarm.since(), view.account().readAt()),
                        texts.volume(alarm.observedBytes()),
                        texts.volume(alarm.expectedLowBytes()),
                        texts.volume(alarm.expectedHighBytes()),
                        alarm.category()));
        alarm.caseId()
                .ifPresent(id -> html.raw("<p class=soft>")
                        .text(texts.get("alarm.case") + " " + PublicId.CASE.format(id))
                        .raw("</p>"));
        open(html, "alarm");
        html.raw("<button name=meant value=true>").text(texts.get("alarm.me"));
        html.raw("</button><button class=quiet name=meant value=false>").text(texts.get("alarm.notme"));
        html.raw("</button></form></section>");
    }

    private void bought(Html html) {
        html.raw("<section>").element("h2", texts.get("label")).raw("<table>");
        for (SelfCareView.LabelEntry line : view.labelLines()) {
            html.raw("<tr><th scope=row>").text(line.title()).raw("<td>").text(line.text());
        }
        html.raw("</table></section>");
    }

    private void install(Html html, Installation installation) {
        html.raw("<section>").element("h2", texts.get("install"));
        html.raw(installation.hasFailed() ? "<p class=\"note bad\">" : "<p>")
                .text(installation.sentence(texts))
                .raw("</p>");
        if (!installation.isOpen()) {
            html.raw("</section>");
            return;
        }
        ActivationCode code = installation.profile().activation().orElseThrow();
        InstallLinks links = InstallLinks.of(code);
        html.raw("<a class=go href=\"").text(links.ios()).raw("\">").text(texts.get("install.ios"));
        html.raw("</a><a class=go href=\"").text(links.android()).raw("\">").text(texts.get("install.android"));
        html.raw("</a><p>").text(texts.get("install.scan")).raw("</p><div class=qr>");
        html.raw(QrImage.of(code.text()).svg()).raw("</div><p>").text(texts.get("install.manual"));
        html.raw("<br>").text(texts.get("install.smdp")).raw(": <code>").text(code.smdpAddress());
        html.raw("</code><br>").text(texts.get("install.code")).raw(": <code>").text(code.matchingId());
        html.raw("</code></p>");
        if (code.confirmationCodeRequired()) {
            html.element("p", texts.get("install.confirmation"));
        }
        html.raw("</section>");
    }

    private void button(Html html, String action, String text, String kind) {
        open(html, action);
        html.raw("<button class=\"").raw(kind).raw("\">").text(texts.get(text)).raw("</button></form>");
    }

    private void open(Html html, String action) {
        html.raw("<form method=post action=\"")
                .text(path + "/" + action)
                .raw("\"><input type=hidden name=csrf value=\"");
        html.text(csrf).raw("\"><input type=hidden name=lang value=");
        html.raw(texts.locale().getLanguage()).raw(">");
    }
}

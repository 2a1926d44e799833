package dev.octroi.web.console;

import dev.octroi.access.Principal;
import dev.octroi.db.PublicId;
import dev.octroi.web.Html;
import java.time.Instant;

/** What every page of the console stands in: head, style, navigation. */
final class ConsoleFrame {
    static final String STYLE = """
            :root{--ink:#16202a;--soft:#51606e;--line:#d9e0e6;--card:#fff;--bg:#f2f5f7;--top:#14283a;--link:#0b5a8a;
            --go:#0b6b4f;--go-bg:#e2f3ec;--slow:#7a4d00;--slow-bg:#fdf0d5;--stop:#9c2226;--stop-bg:#fbe4e3;--mute-bg:#e8edf1}
            *{box-sizing:border-box}
            body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
            a{color:var(--link);text-underline-offset:4px}a:focus-visible,button:focus-visible,input:focus-visible{outline:3px solid #f0a202;outline-offset:2px}
            .top{background:var(--top);color:#fff;display:flex;flex-wrap:wrap;align-items:center;gap:4px 24px;padding:10px 24px}
            .top b{font-size:17px;letter-spacing:.02em}.top nav{display:flex;flex-wrap:wrap;gap:4px;flex:1}
            .top nav a{color:#dbe6ee;text-decoration:none;padding:6px 12px;border-radius:6px}
            .top nav a:hover{background:#24405a}.top nav a[aria-current]{background:#fff;color:var(--top);font-weight:600}
            .top form{display:flex;align-items:center;gap:12px;margin:0;font-size:13px;color:#dbe6ee}
            .top button{background:none;border:1px solid #7d95a9;color:#fff;padding:5px 12px;border-radius:6px;font:inherit;cursor:pointer}
            main{max-width:1320px;margin:0 auto;padding:20px 24px 48px}
            h1{font-size:24px;line-height:1.25;margin:4px 0 16px}h2{font-size:16px;margin:0 0 10px}
            .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin:0 0 16px}
            .tile,.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
            .tile{border-left:5px solid #b5c1cb}.tile b{display:block;font-size:26px;line-height:1.2;font-variant-numeric:tabular-nums}
            .tile span{color:var(--soft);font-size:13px}.tile.go{border-left-color:var(--go)}.tile.slow{border-left-color:#c98200}.tile.stop{border-left-color:var(--stop)}
            .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(330px,1fr));gap:16px;align-items:start}
            .card{margin:0 0 16px;overflow-wrap:anywhere}.grid .card{margin:0}th,td{overflow-wrap:break-word}td code{white-space:nowrap}
            @media(min-width:1130px){.wide{grid-column:span 2}}
            table{width:100%;border-collapse:collapse}th{text-align:left;font-size:12.5px;color:var(--soft);font-weight:600;padding:6px 10px 6px 0;border-bottom:1px solid var(--line)}
            td{padding:9px 10px 9px 0;border-bottom:1px solid #eaeff2;vertical-align:top}tr:last-child td{border-bottom:0}
            code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
            small,.soft{color:var(--soft);font-size:13px}.num{font-variant-numeric:tabular-nums;white-space:nowrap}
            .mark{display:inline-block;padding:1px 9px;border-radius:99px;font-size:13px;font-weight:600;white-space:nowrap;background:var(--mute-bg);color:#3c4a57}
            .mark.go{background:var(--go-bg);color:var(--go)}.mark.slow{background:var(--slow-bg);color:var(--slow)}.mark.stop{background:var(--stop-bg);color:var(--stop)}
            .meter{display:block;width:100%;min-width:90px;height:6px;margin-top:5px;border-radius:3px}
            dl{display:grid;grid-template-columns:max-content 1fr;gap:6px 16px;margin:0}dt{color:var(--soft)}dd{margin:0}
            ol.line{list-style:none;margin:0;padding:0 0 0 18px;border-left:2px solid var(--line)}
            ol.line li{position:relative;padding:0 0 12px}ol.line li:before{content:"";position:absolute;left:-24px;top:7px;width:10px;height:10px;border-radius:50%;background:#7d8f9e;border:2px solid var(--card)}
            ol.line li.decision:before,ol.line li.policy:before{background:#c98200}ol.line li.anomaly:before,ol.line li.case:before,ol.line li.failed:before{background:var(--stop)}
            ol.line li.order:before,ol.line li.download:before,ol.line li.plan:before,ol.line li.top_up:before,ol.line li.credit:before{background:var(--go)}
            ol.line time{display:block}ul.plain{list-style:none;margin:0;padding:0}ul.plain li{padding:0 0 12px}
            .pager{margin:8px 0 0}.login{max-width:460px;margin:8vh auto 0}.login label{display:block;font-weight:600;margin:0 0 6px}
            .login input{width:100%;font:15px ui-monospace,Menlo,Consolas,monospace;padding:10px;border:1px solid #8495a3;border-radius:6px;background:#fff;color:var(--ink)}
            .login button{margin-top:14px;background:var(--top);color:#fff;border:0;border-radius:6px;padding:10px 22px;font:inherit;font-weight:600;cursor:pointer}
            .error{background:var(--stop-bg);color:var(--stop);padding:8px 12px;border-radius:6px;font-weight:600}
            @media(max-width:760px){.top{padding:8px 14px}.top b{flex:1}.top nav{order:3;flex:1 0 100%}.top nav a{padding:5px 9px}td code{white-space:normal}main{padding:14px}.grid{grid-template-columns:minmax(0,1fr)}thead{position:absolute;left:-9999px}table,tbody,tr,td{display:block}
            tr{padding:10px 0;border-bottom:1px solid var(--line)}tr:last-child{border-bottom:0}td{border:0;padding:2px 0;display:grid;grid-template-columns:7.5em minmax(0,1fr)}
            td:before{content:attr(data-label);color:var(--soft);font-size:13px}.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}}
            """ + ConsoleAssets.STYLE;

    private static final int RELOAD_SECONDS = 10;

    private ConsoleFrame() {}

    /** The whole page for someone who is signed in. */
    static String render(Page page, Session session, Instant now) {
        Html html = new Html();
        head(html, page.title(), page.live());
        html.raw("<header class=top><b>Octroi</b><nav aria-label=Console>");
        tab(html, page, session, "subscriptions:read", ConsolePages.SUBSCRIPTIONS, "Subscriptions");
        tab(html, page, session, "cases:read", ConsolePages.ALARMS, "Alarms");
        tab(html, page, session, "policies:read", ConsolePages.CALLBACKS, "Callbacks");
        tab(html, page, session, "policies:read", ConsolePages.CHANGES, "Changes");
        tab(html, page, session, "usage:read", ConsolePages.QUARANTINE, "Quarantine");
        html.raw("</nav><form method=post action=\"/console/logout\"><input type=hidden name=token value=\"");
        html.text(session.formToken())
                .raw("\"><span>")
                .text(who(session.who()))
                .raw("</span><button>Sign out</button></form></header><main><h1>");
        html.text(page.title()).raw("</h1>").raw(page.main());
        html.raw("<p class=soft>Read at ").text(Marks.moment(now));
        if (page.live()) {
            html.raw("; loads again every ").number(RELOAD_SECONDS).raw(" seconds");
        }
        return html.raw(".</p></main></html>").toString();
    }

    /** The page on which someone signs in. */
    static String login(boolean refused) {
        Html html = new Html();
        head(html, "Sign in", false);
        html.raw("<header class=top><b>Octroi</b></header><main><section class=\"card login\"><h1>Console</h1>");
        if (refused) {
            html.raw("<p class=error role=alert>This token is not accepted.</p>");
        }
        html.raw("<form method=post action=\"/console/login\"><label for=token>Access token</label>")
                .raw("<input id=token name=token type=password required maxlength=8192 autocomplete=off autofocus>")
                .raw("<p class=soft>An access token of an admin or of support, as <code>octroi token</code> or ")
                .raw("<code>POST /oauth/token</code> issues it. You stay signed in until it ends.</p>")
                .raw("<button>Sign in</button></form></section></main></html>");
        return html.toString();
    }

    private static void head(Html html, String title, boolean live) {
        html.raw("<!doctype html><html lang=en><meta charset=utf-8>")
                .raw("<meta name=viewport content=\"width=device-width,initial-scale=1\">");
        if (live) {
            html.raw("<meta http-equiv=refresh content=").number(RELOAD_SECONDS).raw(">");
        }
        html.raw("<title>")
                .text(title)
                .raw(" · Octroi</title><style>")
                .raw(STYLE)
                .raw("</style>");
    }

    private static void tab(Html html, Page page, Session session, String scope, String path, String name) {
        if (session.who().has(scope)) {
            html.raw("<a href=\"").raw(path).raw("\"");
            html.raw(page.path().equals(path) ? " aria-current=page>" : ">")
                    .text(name)
                    .raw("</a>");
        }
    }

    private static String who(Principal who) {
        return who.subject() + (who.tenantId() == 0 ? ", operator" : ", " + PublicId.TENANT.format(who.tenantId()));
    }
}

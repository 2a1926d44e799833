package dev.octroi.web.selfcare;

import dev.octroi.http.Languages;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.PeriodView;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.Locale;

/** What holds and why, as of when, and the buttons that change it. */
final class StateSection {
    /** The restriction of a pause. */
    private static final String PAUSED = "user.paused";

    private final SelfCareView view;
    private final PageFrame frame;
    private final Texts texts;

    StateSection(SelfCareView view, PageFrame frame) {
        this.view = view;
        this.frame = frame;
        this.texts = frame.texts();
    }

    void write(Html html) {
        AccountView account = view.account();
        html.raw("<section class=\"state ").raw(StateSentence.state(account)).raw("\"><nav>");
        for (Locale language : Languages.ALL) {
            String code = language.getLanguage();
            html.raw("<a lang=").raw(code).raw(" hreflang=").raw(code);
            html.raw(code.equals(texts.locale().getLanguage()) ? " aria-current=true" : "")
                    .raw(" href=\"")
                    .text(frame.path())
                    .raw("?lang=");
            html.raw(code).raw("\">");
            html.text(language.getDisplayLanguage(language)).raw("</a>");
        }
        html.raw("</nav>").element("small", view.subscription().planName());
        html.element("h1", heading(account));
        String unconfirmed = StateSentence.unconfirmed(account, texts);
        if (!unconfirmed.isEmpty()) {
            html.element("p", unconfirmed);
        }
        html.raw("<p class=soft>").text(freshness());
        String period = period(account);
        if (!period.isEmpty()) {
            html.text(" · ").text(period);
        }
        html.raw("</p>");
        buttons(html, account);
        html.raw("</section>");
    }

    /** Pausing is always possible; what the traveller's own limits hold can be let go beside it. */
    private void buttons(Html html, AccountView account) {
        Level level = account.policy().level();
        if (level != Level.NORMAL && isOwn(account)) {
            boolean stops = level.compareTo(Level.SUSPENDED_DATA) >= 0;
            frame.button(html, "resume", stops ? "resume" : "resume.limit", "");
        }
        if (account.restrictions().stream().noneMatch(each -> each.id().equals(PAUSED))) {
            frame.button(html, "pause", "pause", "quiet");
        }
    }

    /** What runs works only where the eSIM is. */
    private String heading(AccountView account) {
        boolean isMissing = account.policy().level() == Level.NORMAL
                && view.installation().stream().anyMatch(each -> each.isMissing(account.usedBytes() > 0));
        return isMissing
                ? texts.get("state.uninstalled", texts.volume(account.spendableBytes()))
                : StateSentence.of(account, texts);
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
        String asOf = texts.get(
                account.shared() == null ? "asof" : "asof.shared",
                texts.moment(account.freshness().asOf(), account.readAt()));
        long open = account.freshness().mayChangeByBytes();
        return open == 0 ? asOf : asOf + ", " + texts.get("maychange", texts.volume(open));
    }
}

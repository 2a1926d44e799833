package dev.octroi.web.selfcare;

import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Forecast;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.MemberView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.web.Html;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Who used what of a shared volume: the owner sees each member and caps it, a member itself and the others together. */
final class SharedCard {
    private static final long MB = 1_000_000L;

    private final AccountView account;
    private final MembersView view;
    private final MemberView own;
    private final List<MemberView> others;
    private final PageFrame frame;
    private final Texts texts;
    private final LongFunction<String> memberWord;

    SharedCard(AccountView account, MembersView view, PageFrame frame, LongFunction<String> memberWord) {
        this.account = account;
        this.view = view;
        this.own = view.of(account.subscriptionId());
        this.others = view.members().stream()
                .filter(member -> member.subscriptionId() != account.subscriptionId())
                .toList();
        this.frame = frame;
        this.texts = frame.texts();
        this.memberWord = memberWord;
    }

    /** @param answer what became of the form that was sent */
    void write(Html html, FormAnswer answer) {
        html.raw("<section>").element("h2", texts.get("shared"));
        html.element(
                "p",
                own.isOwner()
                        ? texts.get("shared.owner", view.members().size())
                        : texts.get("shared.member", others.size()));
        Forecast forecast = account.forecast();
        if (forecast != null) {
            html.element("p", foreseen(forecast));
        }
        html.raw("<table class=caps>");
        row(html, texts.get("shared.you"), used(own));
        if (own.isOwner()) {
            each(html, answer);
        } else {
            together(html);
        }
        html.raw("</table></section>");
    }

    /** When the volume is used up at the pace of all together, and how sure that is. */
    private String foreseen(Forecast forecast) {
        Instant expected = forecast.depletesAt();
        Instant earliest = forecast.earliest();
        Instant latest = forecast.latest();
        if (earliest == null) {
            return texts.get("shared.lasts");
        }
        if (expected == null) {
            return texts.get("shared.lasts.perhaps", moment(earliest));
        }
        return latest == null
                ? texts.get("shared.ends.from", moment(expected), moment(earliest))
                : texts.get("shared.ends", moment(expected), moment(earliest), moment(latest));
    }

    private String moment(Instant at) {
        return texts.moment(at, account.readAt());
    }

    private void each(Html html, FormAnswer answer) {
        for (int i = 0; i < others.size(); i++) {
            MemberView member = others.get(i);
            row(html, texts.get("shared.number", i + 1), used(member));
            String word = memberWord.apply(member.subscriptionId());
            boolean isRefused = word.equals(answer.sent("member-cap").get("member"));
            form(html, member, word, isRefused ? answer : new FormAnswer.None());
        }
        if (view.formerBytes() > 0) {
            row(html, texts.get("shared.former"), texts.volume(view.formerBytes()));
        }
    }

    private void together(Html html) {
        long rest = view.formerBytes();
        for (MemberView other : others) {
            rest += other.usedBytes() + other.beyondBytes();
        }
        row(html, texts.get("shared.rest"), texts.volume(rest));
    }

    /** Open where it was refused, so that one sees what to mend. */
    private void form(Html html, MemberView member, String word, FormAnswer answer) {
        Map<String, String> sent = answer.sent("member-cap");
        MemberCap cap = member.cap();
        html.raw(sent.isEmpty() ? "<details>" : "<details open>");
        html.element("summary", texts.get(cap == null ? "shared.limit" : "shared.change"));
        frame.open(html, "member-cap");
        html.raw("<input type=hidden name=member value=").raw(word).raw("><label>");
        html.text(texts.get("shared.mb"))
                .raw(" <small>(")
                .text(texts.get("limit.none"))
                .raw(")</small><input name=mb inputmode=numeric maxlength=7");
        String holds = cap == null ? "" : String.valueOf(cap.bytes() / MB);
        frame.value(html, answer, "member-cap", "mb", holds, "shared.invalid");
        html.raw("</label><label>").text(texts.get("shared.in"));
        String chosen = cap == null ? MemberCap.Window.DAY.word() : cap.window().word();
        frame.select(html, "window", MemberCapRequest.WINDOWS, sent.getOrDefault("window", chosen), "shared.window.");
        html.raw("</label><button>").text(texts.get("save")).raw("</button></form></details>");
    }

    private String used(MemberView member) {
        String used = texts.volume(member.usedBytes() + member.beyondBytes());
        MemberCap cap = member.cap();
        return cap == null
                ? used
                : used + " · "
                        + texts.get(
                                "shared.cap." + cap.window().word(),
                                texts.volume(member.cappedBytes()),
                                texts.volume(cap.bytes()));
    }

    private static void row(Html html, String name, String value) {
        html.raw("<tr><th scope=row>").text(name).raw("<td>").text(value);
    }
}

package dev.octroi.web.selfcare;

import dev.octroi.catalog.Money;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.OverageView;
import dev.octroi.quota.account.SharedView;
import dev.octroi.web.Html;

/** What going on costs, what it has cost, and the traveller's word on it. */
final class OverageSection {
    /** Names the words of {@code overage.*}; to be changed with them. */
    static final String TEXT = "self-care-2";

    private final OverageView overage;
    private final boolean isOthers;
    private final PageFrame frame;
    private final Texts texts;

    /** @param isOthers whether the owner of a shared volume decides about it, and not the page's subscription */
    OverageSection(OverageView overage, boolean isOthers, PageFrame frame) {
        this.overage = overage;
        this.isOthers = isOthers;
        this.frame = frame;
        this.texts = frame.texts();
    }

    /** Whether the account draws from a volume whose owner decides about charges. */
    static boolean isOthers(AccountView account) {
        SharedView shared = account.shared();
        return shared != null && !shared.isOwner() && shared.leftAt() == null;
    }

    void write(Html html) {
        boolean agreed = overage.agreedAt() != null;
        html.raw("<section>").element("h2", texts.get("overage"));
        html.element(
                "p",
                texts.get(
                        (isOthers ? "overage.others." : "overage.") + (agreed ? "on" : "off"),
                        overage.pricePerMegabyte().toString(),
                        overage.limit().toString(),
                        overage.ceiling().toString()));
        for (OverageView.ZonePrice each : overage.zonePrices()) {
            html.element(
                    "p",
                    texts.get(
                            "overage.zone",
                            texts.place(each.zone(), each.name()),
                            each.pricePerMegabyte().toString()));
        }
        html.element(
                "p",
                texts.get(
                        "overage.charged",
                        overage.chargedThisMonth().toString(),
                        overage.charged().toString(),
                        texts.volume(overage.chargedBytes())));
        if (!isOthers) {
            answer(html, agreed);
        }
        html.raw("</section>");
    }

    /** The form carries the limit that it shows: what the traveller changes is what was read. */
    private void answer(Html html, boolean agreed) {
        frame.open(html, "overage");
        html.raw("<input type=hidden name=limit value=\"")
                .text(overage.limit().text())
                .raw("\"><label>")
                .text(texts.get("overage.amount", overage.limit().currency()))
                .raw("<input name=amount inputmode=decimal maxlength=12 value=\"")
                .text(amount(overage.limit()))
                .raw("\"></label>");
        // What may cost something is the quiet one of the two.
        button(html, "quiet", true, agreed ? "overage.change" : "overage.agree");
        if (agreed) {
            button(html, "", false, "overage.decline");
        }
        html.raw("</form>");
    }

    private void button(Html html, String kind, boolean agreed, String text) {
        html.raw("<button class=\"")
                .raw(kind)
                .raw("\" name=agreed value=")
                .raw(String.valueOf(agreed))
                .raw(">")
                .text(texts.get(text))
                .raw("</button>");
    }

    private static String amount(Money limit) {
        return limit.toString().replace(" " + limit.currency(), "");
    }
}

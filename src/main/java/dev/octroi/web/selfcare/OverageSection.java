package dev.octroi.web.selfcare;

import dev.octroi.catalog.Money;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.OverageView;
import dev.octroi.quota.account.SharedView;
import dev.octroi.web.Html;
import java.text.DecimalFormatSymbols;
import java.util.Map;
import java.util.Optional;

/** What going on costs, what it has cost, and the traveller's word on it. */
final class OverageSection {
    /** Names the words of {@code overage.*}; to be changed with them. */
    static final String TEXT = "self-care-4";

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

    void write(Html html, FormAnswer answer) {
        boolean agreed = overage.agreedAt() != null;
        html.raw("<section>").element("h2", texts.get("overage"));
        html.element(
                "p",
                texts.get(
                        (isOthers ? "overage.others." : "overage.") + (agreed ? "on" : "off"),
                        overage.pricePerMegabyte().in(texts.locale()),
                        overage.limit().in(texts.locale()),
                        overage.ceiling().in(texts.locale())));
        for (OverageView.ZonePrice each : overage.zonePrices()) {
            html.element(
                    "p",
                    texts.get(
                            "overage.zone",
                            texts.place(each.zone(), each.name()),
                            each.pricePerMegabyte().in(texts.locale())));
        }
        html.element(
                "p",
                texts.get(
                        "overage.charged",
                        overage.chargedThisMonth().in(texts.locale()),
                        overage.charged().in(texts.locale()),
                        texts.volume(overage.chargedBytes())));
        if (!isOthers) {
            answer(html, agreed, answer);
        }
        html.raw("</section>");
    }

    /** The forms carry the limit that they show: what the traveller changes is what was read. */
    private void answer(Html html, boolean agreed, FormAnswer answer) {
        Map<String, String> sent = answer.sent("overage");
        Money named = answer instanceof FormAnswer.Asked ? named(sent) : overage.limit();
        open(html);
        html.raw("<label>")
                .text(texts.get("overage.amount", overage.limit().currency()))
                .raw("<input name=amount inputmode=decimal maxlength=12");
        Optional<String> wrong = answer.wrong("overage", "overage.invalid");
        frame.value(html, wrong.isPresent() ? sent.getOrDefault("amount", "") : amount(named), wrong);
        html.raw("</label>");
        button(html, "quiet", "name", texts.get("overage.name"));
        html.raw("</form>");
        // A form of its own: whoever presses Enter in the field above must not have agreed to pay.
        open(html);
        html.raw("<input type=hidden name=amount value=\"").text(amount(named)).raw("\">");
        // What may cost something is the quiet one of the two.
        if (!agreed || !named.equals(overage.limit())) {
            String key = agreed ? "overage.change" : "overage.agree";
            button(html, "quiet", "true", texts.get(key, named.in(texts.locale())));
        }
        if (agreed) {
            button(html, "", "false", texts.get("overage.decline"));
        }
        html.raw("</form>");
    }

    private void open(Html html) {
        frame.open(html, "overage");
        html.raw("<input type=hidden name=limit value=\"")
                .text(overage.limit().text())
                .raw("\">");
    }

    private Money named(Map<String, String> sent) {
        return OverageRequest.ofForm(sent, overage)
                .map(request ->
                        Money.ofMinor(request.limitMinor(), overage.limit().currency()))
                .orElse(overage.limit());
    }

    private static void button(Html html, String kind, String agreed, String text) {
        html.raw("<button class=\"")
                .raw(kind)
                .raw("\" name=agreed value=")
                .raw(agreed)
                .raw(">")
                .text(text)
                .raw("</button>");
    }

    /** As it is typed: with the places of the currency, and the point or comma of the language. */
    private String amount(Money limit) {
        char point = DecimalFormatSymbols.getInstance(texts.locale()).getDecimalSeparator();
        return limit.toString().replace(" " + limit.currency(), "").replace('.', point);
    }
}

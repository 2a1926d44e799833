package dev.octroi.web.selfcare;

import dev.octroi.quota.account.OverageView;
import dev.octroi.web.Html;

/** What going on costs, what it has cost, and the traveller's word on it. */
final class OverageSection {
    /** Names the words of {@code overage.*}; to be changed with them. */
    static final String TEXT = "self-care-1";

    private final OverageView overage;
    private final PageFrame frame;
    private final Texts texts;

    OverageSection(OverageView overage, PageFrame frame) {
        this.overage = overage;
        this.frame = frame;
        this.texts = frame.texts();
    }

    void write(Html html) {
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
        boolean agreed = overage.agreedAt() != null;
        frame.open(html, "overage");
        html.raw("<button class=\"")
                .raw(agreed ? "" : "quiet")
                .raw("\" name=agreed value=")
                .raw(agreed ? "false" : "true");
        html.raw(">")
                .text(texts.get(agreed ? "overage.decline" : "overage.agree"))
                .raw("</button></form></section>");
    }
}

package dev.octroi.web.selfcare;

import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.InstallLinks;
import dev.octroi.subscription.QrImage;
import dev.octroi.web.Html;

/** How the eSIM gets onto the phone, and how far that is. */
final class InstallSection {
    private final Installation installation;
    private final Texts texts;

    InstallSection(Installation installation, Texts texts) {
        this.installation = installation;
        this.texts = texts;
    }

    void write(Html html) {
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
        html.raw("</a><p>").text(texts.get("install.scan")).raw("</p><div class=qr role=img aria-label=\"");
        html.text(texts.get("install.qr")).raw("\">");
        html.raw(QrImage.of(code.text()).svg()).raw("</div><p>").text(texts.get("install.manual"));
        html.raw("<br>").text(texts.get("install.smdp")).raw(": <code>").text(code.smdpAddress());
        html.raw("</code><br>").text(texts.get("install.code")).raw(": <code>").text(code.matchingId());
        html.raw("</code></p>");
        if (code.confirmationCodeRequired()) {
            html.element("p", texts.get("install.confirmation"));
        }
        html.raw("</section>");
    }
}

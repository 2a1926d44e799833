package dev.octroi.web.selfcare;

import dev.octroi.db.PublicId;
import dev.octroi.support.Alarm;
import dev.octroi.web.Html;
import java.time.Instant;

/** Unusual use, and the traveller's word on it. */
final class AlarmSection {
    private final Alarm alarm;
    private final PageFrame frame;
    private final Texts texts;

    AlarmSection(Alarm alarm, PageFrame frame) {
        this.alarm = alarm;
        this.frame = frame;
        this.texts = frame.texts();
    }

    void write(Html html, Instant now) {
        html.raw("<section class=\"state suspended\">").element("h2", texts.get("alarm"));
        html.element(
                "p",
                texts.get(
                        "alarm.text",
                        texts.moment(alarm.since(), now),
                        texts.volume(alarm.observedBytes()),
                        texts.volume(alarm.expectedLowBytes()),
                        texts.volume(alarm.expectedHighBytes()),
                        alarm.category()));
        alarm.caseId()
                .ifPresent(id -> html.raw("<p class=soft>")
                        .text(texts.get("alarm.case") + " " + PublicId.CASE.format(id))
                        .raw("</p>"));
        if (alarm.meant().isPresent()) {
            html.element("p", texts.get("alarm.thanks")).raw("</section>");
            return;
        }
        frame.open(html, "alarm");
        html.raw("<input type=hidden name=incident value=")
                .raw(Integer.toString(alarm.incident()))
                .raw(">");
        html.raw("<button name=meant value=true>").text(texts.get("alarm.me"));
        html.raw("</button><button class=quiet name=meant value=false>").text(texts.get("alarm.notme"));
        html.raw("</button></form></section>");
    }
}

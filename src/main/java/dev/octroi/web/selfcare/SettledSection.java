package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.PublicId;
import dev.octroi.drain.AlarmSentence;
import dev.octroi.support.SupportCase;
import dev.octroi.web.Html;
import java.time.Duration;
import java.time.Instant;

/** What support made of the newest case that it settled, with the words that it wrote for the traveller. */
final class SettledSection {
    /** How long that is shown. */
    private static final Duration SHOWN = Duration.ofDays(14);

    private final SupportCase settled;
    private final Texts texts;

    SettledSection(SupportCase settled, Texts texts) {
        this.settled = settled;
        this.texts = texts;
    }

    /** Whether a case was settled so lately that its traveller still wants to read of it. */
    static boolean isShown(SupportCase settled, Instant now) {
        Instant at = settled.resolvedAt();
        return settled.resolution() != null && at != null && now.isBefore(at.plus(SHOWN));
    }

    void write(Html html, Instant now) {
        Instant at = requireNonNull(settled.resolvedAt(), "the case is not settled");
        html.raw("<section class=state>").element("h2", texts.get("settled"));
        html.element(
                "p",
                about()
                        + texts.get(
                                "settled." + settled.resolution(),
                                texts.moment(at, now),
                                texts.volume(settled.creditBytes())));
        String reason = settled.reason();
        if (reason != null) {
            html.element("p", texts.get("settled.reason", reason));
        }
        html.raw("<p class=soft>")
                .text(texts.get("alarm.case") + " " + PublicId.CASE.format(settled.id()))
                .raw("</p></section>");
    }

    private String about() {
        return settled.alarmId().isPresent()
                ? texts.get("alarm.kind", AlarmSentence.kind(settled.kind(), texts.locale()))
                : texts.get("settled.question");
    }
}

package dev.octroi.web.selfcare;

import dev.octroi.db.PublicId;
import dev.octroi.drain.AlarmSentence;
import dev.octroi.policy.Condition;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.DrainHold;
import dev.octroi.quota.account.Effect;
import dev.octroi.support.Alarm;
import dev.octroi.web.Html;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.time.Instant;

/** Unusual use, and the traveller's word on it. */
final class AlarmSection {
    /** How long an alarm that was answered is shown after it was last told. */
    private static final Duration ANSWERED = Duration.ofDays(3);
    /** How long one that was not answered is. */
    private static final Duration OPEN = Duration.ofDays(14);

    /** How the reasons end of what rules on unusual use hold. */
    private static final String OF_RULE = "." + Condition.Occasion.ALARM.word();

    private final Alarm alarm;
    private final boolean holds;
    private final PageFrame frame;
    private final Texts texts;

    AlarmSection(Alarm alarm, AccountView account, PageFrame frame) {
        this.alarm = alarm;
        this.holds = holds(alarm, account);
        this.frame = frame;
        this.texts = frame.texts();
    }

    /** Whether an alarm still says something of today: it holds, or it was told lately and support has not settled it. */
    static boolean isShown(Alarm alarm, AccountView account) {
        Duration shown = alarm.meant().isPresent() ? ANSWERED : OPEN;
        return holds(alarm, account)
                || (isOpen(alarm) && account.readAt().isBefore(alarm.updatedAt().plus(shown)));
    }

    private static boolean isOpen(Alarm alarm) {
        return alarm.state().equals("open");
    }

    private static boolean holds(Alarm alarm, AccountView account) {
        return account.restrictions().stream()
                .anyMatch(each -> each.restrictionClass() == RestrictionClass.DRAIN
                        ? DrainHold.isOf(each.id(), alarm.incident())
                        : isOpen(alarm) && each.reasonCode().endsWith(OF_RULE));
    }

    /** Who called a bad destination known a day ago has the word anew: it is slowed again. */
    private boolean isAnswered() {
        return alarm.meant().isPresent() && !holds;
    }

    void write(Html html, Instant now) {
        html.raw("<section class=\"state suspended\">").element("h2", texts.get("alarm"));
        html.element("p", texts.get("alarm.kind", AlarmSentence.kind(alarm.kind(), texts.locale())) + text(now));
        alarm.caseId()
                .ifPresent(id -> html.raw("<p class=soft>")
                        .text(texts.get("alarm.case") + " " + PublicId.CASE.format(id))
                        .raw("</p>"));
        if (alarm.meant().filter(meant -> !meant).isPresent()) {
            whatToDo(html);
        } else if (isAnswered()) {
            html.element("p", texts.get("alarm.thanks"));
        } else {
            open(html);
            html.raw("<button name=meant value=true>").text(texts.get("alarm.me"));
            html.raw("</button><button class=quiet name=meant value=false>").text(texts.get("alarm.notme"));
            html.raw("</button></form>");
        }
        html.raw("</section>");
    }

    /** It was a drain: what the phone can do, how data comes back, and how a slip of the thumb is taken back. */
    private void whatToDo(Html html) {
        html.element("p", (isOpen(alarm) ? texts.get("alarm.thanks") + " " : "") + texts.get("alarm.todo"));
        boolean wentOn = alarm.recent().getBoolean(Effect.AlarmRaised.WENT_ON, false);
        if (holds && wentOn) {
            html.element("p", texts.get("alarm.wenton"));
        }
        open(html);
        if (holds && !wentOn) {
            html.raw("<button name=meant value=removed>")
                    .text(texts.get("alarm.removed"))
                    .raw("</button>");
        }
        html.raw("<button class=quiet name=meant value=true>").text(texts.get("alarm.me.after"));
        html.raw("</button></form>");
    }

    private void open(Html html) {
        frame.open(html, "alarm");
        html.raw("<input type=hidden name=incident value=")
                .raw(Integer.toString(alarm.incident()))
                .raw(">");
    }

    /** Of a bad destination the volume says nothing; what to do about it does. */
    private String text(Instant now) {
        String since = texts.moment(alarm.since(), now);
        if (DrainHold.isOfDestination(alarm.incident())) {
            return texts.get("alarm.destination", since);
        }
        return texts.get(
                        "alarm.text",
                        since,
                        texts.volume(alarm.observedBytes()),
                        texts.volume(alarm.expectedLowBytes()),
                        texts.volume(alarm.expectedHighBytes()),
                        category())
                + reason();
    }

    private String category() {
        String key = "category." + alarm.category();
        return texts.has(key) ? texts.get(key) : alarm.category();
    }

    /** The main reason, as the detector names it. */
    private String reason() {
        JsonArray reasons = alarm.reasons();
        return reasons.isEmpty()
                ? ""
                : AlarmSentence.why(reasons.getJsonObject(0).getString("key"), texts.locale());
    }
}

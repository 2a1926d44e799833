package dev.octroi.web.selfcare;

import dev.octroi.policy.Rule;
import dev.octroi.web.Html;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The form that adds a rule, one question after the other. Filled in with what was sent when it was refused. */
final class RuleFormSection {
    private static final int MAX_COUNTRIES = 60;

    private final SelfCareView view;
    private final PageFrame frame;
    private final Texts texts;
    private final FormAnswer answer;
    private final Map<String, String> sent;

    RuleFormSection(SelfCareView view, PageFrame frame, FormAnswer answer) {
        this.view = view;
        this.frame = frame;
        this.texts = frame.texts();
        this.answer = answer;
        this.sent = answer.sent("rules");
    }

    void write(Html html) {
        frame.open(html, "rules");
        html.raw("<input type=hidden name=version value=")
                .number(view.account().rulesOf(Rule.Owner.USER).version())
                .raw("><fieldset>")
                .element("legend", texts.get("rule.form.when"));
        used(html);
        hours(html);
        place(html);
        for (String occasion : RuleRequest.OCCASIONS) {
            pick(html, occasion);
        }
        html.raw("</fieldset><fieldset>").element("legend", texts.get("rule.form.then"));
        then(html);
        html.raw("</fieldset><label class=until>").text(texts.get("rule.form.until"));
        frame.select(html, "until", RuleRequest.ENDS, sent.getOrDefault("until", "window_end"), "rule.form.until.");
        html.raw("</label><button>").text(texts.get("save")).raw("</button></form>");
    }

    private void used(Html html) {
        pick(html, "used");
        html.raw("<div class=part><label>").text(texts.get("rule.form.mb"));
        html.raw("<input name=mb inputmode=numeric maxlength=7");
        frame.value(html, answer, "rules", "mb", "", "invalid");
        html.raw("</label><label>").text(texts.get("rule.form.window"));
        frame.select(html, "window", RuleRequest.WINDOWS, sent.getOrDefault("window", "day"), "rule.window.");
        html.raw("</label><label>").text(texts.get("rule.form.of"));
        frame.select(html, "of", RuleRequest.KINDS, sent.getOrDefault("of", "all"), "category.");
        html.raw("</label></div>");
    }

    private void hours(Html html) {
        pick(html, "hours");
        html.raw("<div class=part>");
        time(html, "from", "23:00");
        time(html, "to", "07:00");
        html.raw("</div>");
    }

    private void time(Html html, String name, String otherwise) {
        html.raw("<label>").text(texts.get("rule.form." + name));
        html.raw("<input type=time name=").raw(name).raw(" value=\"");
        html.text(sent.getOrDefault(name, otherwise)).raw("\"></label>");
    }

    /** A plan for one country has no other place to choose. */
    private void place(Html html) {
        List<String> countries = view.countries();
        if (countries.size() < 2) {
            return;
        }
        pick(html, "place");
        html.raw("<div class=part><select name=country aria-label=\"")
                .text(texts.get("rule.form.when.place"))
                .raw("\">");
        for (String country : countries.subList(0, Math.min(countries.size(), MAX_COUNTRIES))) {
            html.raw("<option value=").text(country);
            html.raw(country.equals(sent.get("country")) ? " selected>" : ">");
            html.text(Locale.of("", country).getDisplayCountry(texts.locale()));
        }
        html.raw("</select></div>");
    }

    private void then(Html html) {
        html.raw("<div class=then>");
        frame.select(
                html,
                "then",
                "rule.form.then",
                RuleRequest.ACTIONS,
                sent.getOrDefault("then", "slow"),
                "rule.form.then.");
        html.raw("</div><div class=\"part s\"><label>").text(texts.get("rule.form.kbps"));
        html.raw("<select name=kbps>");
        for (int kbps : RuleRequest.SPEEDS_KBPS) {
            String value = Integer.toString(kbps);
            html.raw("<option value=").raw(value);
            html.raw(value.equals(sent.getOrDefault("kbps", "512")) ? " selected>" : ">");
            html.text(texts.speed(kbps));
        }
        html.raw("</select></label></div><div class=\"part b\"><label>").text(texts.get("rule.form.block"));
        frame.select(
                html,
                "block",
                RuleRequest.KINDS.subList(1, RuleRequest.KINDS.size()),
                sent.getOrDefault("block", "video"),
                "category.");
        html.raw("</label></div>");
    }

    private void pick(Html html, String when) {
        html.raw("<label class=\"pick by-")
                .raw(when)
                .raw("\"><input type=radio name=when value=")
                .raw(when);
        html.raw(when.equals(sent.getOrDefault("when", "used")) ? " checked>" : ">");
        html.text(texts.get("rule.form.when." + when)).raw("</label>");
    }
}

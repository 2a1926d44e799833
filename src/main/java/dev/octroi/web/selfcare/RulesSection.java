package dev.octroi.web.selfcare;

import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.web.Html;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All rules that hold for the subscription, with who set them; the traveller's own can be taken away and new ones added. */
final class RulesSection {
    private final SelfCareView view;
    private final PageFrame frame;
    private final Texts texts;

    RulesSection(SelfCareView view, PageFrame frame) {
        this.view = view;
        this.frame = frame;
        this.texts = frame.texts();
    }

    void write(Html html, FormAnswer answer) {
        html.raw("<section class=rules id=rules>").element("h2", texts.get("rules"));
        html.raw("<p class=soft>").text(texts.get("rules.text")).raw("</p>");
        list(html);
        if (view.account().rulesOf(Rule.Owner.USER).rules().size() < Rule.MAX_PER_OWNER) {
            boolean isOpen = !answer.sent("rules").isEmpty();
            html.raw(isOpen ? "<details open>" : "<details>").element("summary", texts.get("rules.add"));
            new RuleFormSection(view, frame, answer).write(html);
            html.raw("</details>");
        } else {
            html.element("p", texts.get("rules.full"));
        }
        html.raw("</section>");
    }

    private void list(Html html) {
        Set<String> acting = view.account().restrictions().stream()
                .map(each -> String.valueOf(each.ruleId()))
                .collect(Collectors.toSet());
        RuleSentence sentence = new RuleSentence(texts, view);
        List<RuleSet> sets = view.account().rules();
        if (sets.stream().allMatch(set -> set.rules().isEmpty())) {
            html.element("p", texts.get("rules.none"));
            return;
        }
        html.raw("<ul>");
        for (RuleSet set : sets) {
            for (Rule rule : set.rules()) {
                html.raw("<li><div>").text(sentence.of(rule)).raw("<small>");
                html.text(texts.get("rule.owner." + rule.owner().word()));
                if (acting.contains(rule.owner().word() + ":" + rule.id())) {
                    html.raw(" · <b class=now>").text(texts.get("rules.acting")).raw("</b>");
                }
                html.raw("</small></div>");
                if (rule.owner() == Rule.Owner.USER) {
                    remove(html, rule);
                }
            }
        }
        html.raw("</ul>");
    }

    private void remove(Html html, Rule rule) {
        frame.open(html, "rules/remove");
        html.raw("<input type=hidden name=rule value=\"").text(rule.id());
        html.raw("\"><button class=quiet>").text(texts.get("rules.remove")).raw("</button></form>");
    }
}

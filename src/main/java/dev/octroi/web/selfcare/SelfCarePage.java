package dev.octroi.web.selfcare;

import dev.octroi.policy.RestrictionClass;
import dev.octroi.web.Html;
import java.util.Optional;
import java.util.function.LongFunction;

/** Renders the page: at most 30 KB, no script, one style element. */
final class SelfCarePage {
    private final SelfCareView view;
    private final PageFrame frame;
    private final Texts texts;
    private final LongFunction<String> memberWord;

    /** @param memberWord a form's word for a member of the shared account, given its subscription */
    SelfCarePage(SelfCareView view, PageFrame frame, LongFunction<String> memberWord) {
        this.memberWord = memberWord;
        this.view = view;
        this.frame = frame;
        this.texts = frame.texts();
    }

    /** The page with what became of a form that was sent. */
    String render(FormAnswer answer) {
        Html html = new Html();
        PageFrame.head(html, texts);
        html.raw("<main>");
        notice(html, answer);
        new StateSection(view, frame).write(html);
        view.alarms()
                .forEach(alarm -> new AlarmSection(alarm, view.account(), frame)
                        .write(html, view.account().readAt()));
        view.settled()
                .ifPresent(settled -> new SettledSection(settled, texts)
                        .write(html, view.account().readAt()));
        // Whoever has not installed yet wants that first; whoever has, hardly ever again.
        view.installation().filter(install -> !install.isDone()).ifPresent(install -> install(html, install));
        new BalanceSection(view, texts).write(html);
        Optional.ofNullable(view.account().overage())
                .ifPresent(overage -> new OverageSection(overage, OverageSection.isOthers(view.account()), frame)
                        .write(html, answer));
        view.members()
                .ifPresent(members -> new SharedCard(view.account(), members, frame, memberWord).write(html, answer));
        charts(html);
        LimitsSection limits = new LimitsSection(view, frame, answer);
        limits.limits(html);
        new NoticesSection(view.notices(), view.warnAtPercent(), frame).write(html, answer);
        limits.background(html);
        new RulesSection(view, frame).write(html, answer);
        bought(html);
        view.installation().filter(Installation::isDone).ifPresent(install -> install(html, install));
        return html.raw("</main></html>").toString();
    }

    /** What a link shows that is none. */
    static String gone(Texts texts) {
        Html html = new Html();
        PageFrame.head(html, texts);
        html.raw("<main><section class=state>").element("h1", texts.get("gone.title"));
        return html.element("p", texts.get("gone.text"))
                .raw("</section></main></html>")
                .toString();
    }

    private void notice(Html html, FormAnswer answer) {
        switch (answer) {
            case FormAnswer.None none -> {}
            case FormAnswer.Done done ->
                html.raw("<p class=note role=status>").text(texts.get("saved")).raw("</p>");
            case FormAnswer.Asked asked ->
                html.raw("<p class=note role=status>")
                        .text(texts.get(asked.key()))
                        .raw("</p>");
            case FormAnswer.Refused refused ->
                html.raw("<p class=\"note bad\" role=alert>")
                        .text(sentence(refused))
                        .raw("</p>");
        }
    }

    /** Why a form was refused; because of which rule, when it was one. */
    private String sentence(FormAnswer.Refused refused) {
        return refused.because()
                .map(rule -> texts.get(
                        refused.key(),
                        texts.get("rule.owner." + rule.owner().word()),
                        new RuleSentence(texts, view).of(rule)))
                .orElseGet(() -> texts.get(refused.key()));
    }

    private void install(Html html, Installation installation) {
        new InstallSection(installation, texts).write(html);
    }

    private void charts(Html html) {
        html.raw("<section>");
        html.element("p", normal());
        if (view.savedBytes() > 0) {
            html.raw("<p class=soft>")
                    .text(texts.get("normal.saved", texts.volume(view.savedBytes())))
                    .raw("</p>");
        }
        String own = StateSentence.ownFreshness(view.account(), texts);
        if (!own.isEmpty()) {
            html.raw("<p class=soft>").text(own).raw("</p>");
        }
        UsageChart.hours(html, view.hours(), view.account().readAt(), texts);
        UsageChart.days(html, view.days(), view.account(), texts);
        html.raw("</section>");
    }

    /** One sentence: whether the use is like its user. */
    private String normal() {
        boolean isHeld = view.account().restrictions().stream()
                .anyMatch(each -> each.restrictionClass() == RestrictionClass.DRAIN);
        if (!view.alarms().isEmpty() || isHeld) {
            return texts.get("normal.not");
        }
        // Balances do not say when and for what data was used: nobody learns from them.
        if (view.account().usedBytes() > 0
                && view.band().filter(band -> band.offsetMinutes().isEmpty()).isPresent()) {
            return texts.get("normal.unseen");
        }
        return view.band()
                .filter(band -> band.learnedDays() >= 1)
                .map(band -> texts.get("normal", texts.volume(band.usualDayBytes())))
                .orElseGet(() -> texts.get("normal.new"));
    }

    private void bought(Html html) {
        html.raw("<section class=label>").element("h2", texts.get("label")).raw("<table>");
        for (SelfCareView.LabelEntry line : view.labelLines()) {
            html.raw("<tr><th scope=row>").text(line.title()).raw("<td>").text(line.text());
        }
        html.raw("</table></section>");
    }
}

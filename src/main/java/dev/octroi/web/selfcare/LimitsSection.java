package dev.octroi.web.selfcare;

import dev.octroi.policy.Rule;
import dev.octroi.quota.account.Background;
import dev.octroi.web.Html;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The daily limit and the switch for background traffic. */
final class LimitsSection {
    private static final long MB = 1_000_000;

    private final SelfCareView view;
    private final PageFrame frame;
    private final FormAnswer answer;
    private final Texts texts;

    LimitsSection(SelfCareView view, PageFrame frame, FormAnswer answer) {
        this.view = view;
        this.frame = frame;
        this.answer = answer;
        this.texts = frame.texts();
    }

    void limits(Html html) {
        Optional<Rule> rule = view.account().rulesOf(Rule.Owner.USER).rules().stream()
                .filter(each -> each.id().equals(LimitRequest.RULE_ID))
                .findFirst();
        Optional<LimitRequest> holds = rule.flatMap(LimitRequest::of);
        html.raw("<section>").element("h2", texts.get("limits"));
        if (rule.isPresent() && holds.isEmpty()) {
            // "Save" would make another rule of it.
            html.raw("<p><a href=\"#rules\">").text(texts.get("limit.rule")).raw("</a></p></section>");
            return;
        }
        frame.open(html, "limits");
        html.raw("<label>")
                .text(texts.get("limit.label"))
                .raw(" <small>(")
                .text(texts.get("limit.none"))
                .raw(")</small><input name=mb inputmode=numeric maxlength=7");
        Map<String, String> sent = answer.sent("limits");
        String shown = holds.map(limit -> megabytes(limit.dailyBytes())).orElse("");
        frame.value(html, answer, "limits", "mb", shown, "invalid");
        html.raw("</label>");
        holds.ifPresent(limit -> carry(html, limit));
        html.raw("<label>").text(texts.get("limit.then"));
        String chosen =
                sent.getOrDefault("action", holds.map(LimitRequest::action).orElse("slow"));
        frame.select(html, "action", List.of("notify", "slow", "pause"), chosen, "limit.");
        html.raw("</label><button>").text(texts.get("save")).raw("</button></form></section>");
    }

    void background(Html html) {
        Background background = view.account().background();
        html.raw("<section>").element("h2", texts.get("background"));
        html.element("small", texts.get("background.text"));
        frame.open(html, "background");
        List<String> modes =
                Stream.of(Background.Mode.values()).map(Background.Mode::word).toList();
        Map<String, String> sent = answer.sent("background");
        String mode = sent.getOrDefault("mode", background.mode().word());
        frame.select(html, "mode", "background", modes, mode, "background.");
        html.raw("<label class=kind>").text(texts.get("background.kind"));
        List<String> kinds = Stream.concat(
                        Stream.of(BackgroundRequest.ALL),
                        Stream.concat(
                                        RuleRequest.KINDS.stream().filter(word -> !word.equals(BackgroundRequest.ALL)),
                                        background.categories().stream().filter(word -> texts.has("category." + word)))
                                .distinct())
                .toList();
        String kindSent = sent.get("kind");
        List<String> chosen = kindSent == null ? background.categories() : BackgroundRequest.categories(kindSent);
        html.raw("<select name=kind>");
        boolean isOffered = chosen.isEmpty() || (chosen.size() == 1 && kinds.contains(chosen.getFirst()));
        if (!isOffered) {
            // What the page has no choice for stays a choice: "Save" must not change it.
            html.raw("<option selected value=\"").text(String.join(",", chosen)).raw("\">");
            html.text(String.join(", ", chosen.stream().map(this::name).toList()));
        }
        for (String kind : kinds) {
            boolean isChosen =
                    isOffered && (kind.equals(BackgroundRequest.ALL) ? chosen.isEmpty() : chosen.contains(kind));
            html.raw("<option value=").raw(kind).raw(isChosen ? " selected>" : ">");
            html.text(texts.get(kind.equals(BackgroundRequest.ALL) ? "background.all" : "category." + kind));
        }
        html.raw("</select></label><label class=low>").text(texts.get("background.mb"));
        html.raw("<input name=below inputmode=numeric maxlength=7");
        String holds = background.belowBytes() > 0 ? megabytes(background.belowBytes()) : "";
        frame.value(html, answer, "background", "below", holds, "background.invalid");
        html.raw("</label>");
        if (background.belowBytes() % MB != 0) {
            hidden(html, "belowBytes", background.belowBytes());
        }
        html.raw("<button>").text(texts.get("save")).raw("</button></form>");
        phone(html);
        html.raw("</section>");
    }

    /** What no network can do, and where it is on the phone. */
    private void phone(Html html) {
        html.raw("<details>").element("summary", texts.get("background.phone"));
        html.element("p", texts.get("background.phone.text"));
        html.element("p", texts.get("background.phone.ios"));
        html.element("p", texts.get("background.phone.android")).raw("</details>");
    }

    /** What the form does not show and "Save" must not change: a part of a MB, a speed. */
    private static void carry(Html html, LimitRequest limit) {
        if (limit.dailyBytes() % MB != 0) {
            hidden(html, "bytes", limit.dailyBytes());
        }
        if (limit.kbps() != LimitRequest.DEFAULT_KBPS) {
            hidden(html, "kbps", limit.kbps());
        }
    }

    private static String megabytes(long bytes) {
        return Long.toString(bytes / MB);
    }

    private static void hidden(Html html, String name, long value) {
        html.raw("<input type=hidden name=").raw(name).raw(" value=");
        html.number(value).raw(">");
    }

    private String name(String category) {
        return texts.has("category." + category) ? texts.get("category." + category) : category;
    }
}

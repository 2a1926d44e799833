package dev.octroi.web.selfcare;

import dev.octroi.notice.Channel;
import dev.octroi.notice.ChannelWish;
import dev.octroi.notice.words.NoticeKind;
import dev.octroi.web.Html;
import java.util.Map;
import java.util.Optional;

/** Messages: who is told what, as it really is, and the traveller's address for them. */
final class NoticesSection {
    private static final int MAX_ADDRESS = 254;

    private final NoticeView view;
    private final int warnAtPercent;
    private final PageFrame frame;
    private final Texts texts;

    NoticesSection(NoticeView view, int warnAtPercent, PageFrame frame) {
        this.view = view;
        this.warnAtPercent = warnAtPercent;
        this.frame = frame;
        this.texts = frame.texts();
    }

    void write(Html html, FormAnswer answer) {
        html.raw("<section>").element("h2", texts.get("alerts"));
        if (!view.sends()) {
            html.element("p", texts.get("notices.shop", warnAtPercent)).raw("</section>");
            return;
        }
        Optional<Channel> channel = view.channel();
        html.element("p", state(channel));
        if (channel.isEmpty()) {
            address(html, answer, "notices.address");
        } else {
            with(html, channel.get(), answer);
        }
        html.raw("</section>");
    }

    private String state(Optional<Channel> channel) {
        if (channel.isEmpty()) {
            return texts.get("notices.none", warnAtPercent);
        }
        String masked = channel.get().address().masked();
        return switch (channel.get().state()) {
            case PENDING -> texts.get("notices.pending", masked);
            case CONFIRMED -> texts.get("alerts.text", warnAtPercent, masked);
            case FAILED -> texts.get("notices.failed", masked);
        };
    }

    private void with(Html html, Channel channel, FormAnswer answer) {
        switch (channel.state()) {
            case PENDING -> frame.button(html, "notices/again", "notices.again", "");
            case CONFIRMED -> {
                choices(html, channel.wish(), answer);
                frame.button(html, "notices/test", "notices.test", "quiet");
            }
            case FAILED -> {}
        }
        frame.button(html, "notices/remove", "notices.remove", "quiet");
        address(html, answer, "notices.other");
    }

    private void address(Html html, FormAnswer answer, String label) {
        frame.open(html, "notices");
        html.raw("<label>")
                .text(texts.get(label))
                .raw("<input type=email name=address autocomplete=email required maxlength=")
                .number(MAX_ADDRESS);
        frame.value(html, answer, "notices", "address", "", "notices.invalid.address");
        html.raw("</label><button>").text(texts.get("notices.give")).raw("</button></form>");
    }

    /** Saving also chooses the language of the page for the messages. */
    private void choices(Html html, ChannelWish wish, FormAnswer answer) {
        Map<String, String> sent = answer.sent("notices/choose");
        frame.open(html, "notices/choose");
        html.raw("<fieldset><legend>").text(texts.get("notices.kinds")).raw("</legend>");
        for (NoticeKind kind : NoticeKind.values()) {
            boolean chosen =
                    sent.isEmpty() ? wish.kinds().contains(kind) : sent.containsKey(NoticeForms.KIND + kind.word());
            html.raw("<label class=pick><input type=checkbox name=")
                    .raw(NoticeForms.KIND + kind.word())
                    .raw(chosen ? " checked>" : ">")
                    .text(texts.get("notices.kind." + kind.word()))
                    .raw("</label>");
        }
        html.raw("</fieldset><label>")
                .text(texts.get("notices.max"))
                .raw("<input name=max inputmode=numeric maxlength=3");
        frame.value(html, answer, "notices/choose", "max", Integer.toString(wish.maxPerDay()), "notices.invalid.max");
        html.raw("</label>").element("small", texts.get("notices.urgent"));
        html.raw("<button>").text(texts.get("save")).raw("</button></form>");
    }
}

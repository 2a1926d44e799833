package dev.octroi.web.selfcare;

import dev.octroi.quota.MemberCap;
import dev.octroi.quota.MemberView;
import dev.octroi.quota.MembersView;
import dev.octroi.web.Html;
import java.util.List;

/** Who used what of a shared volume: the owner sees each member, a member itself and the others together. */
final class SharedCard {
    private SharedCard() {}

    static void write(Html html, MembersView view, long subscriptionId, Texts texts) {
        MemberView own = view.of(subscriptionId);
        List<MemberView> others = view.members().stream()
                .filter(member -> member.subscriptionId() != subscriptionId)
                .toList();
        html.raw("<section>").element("h2", texts.get("shared"));
        html.element(
                "p",
                own.isOwner()
                        ? texts.get("shared.owner", view.members().size())
                        : texts.get("shared.member", others.size()));
        html.raw("<table>");
        row(html, texts.get("shared.you"), used(own, texts));
        if (own.isOwner()) {
            for (int i = 0; i < others.size(); i++) {
                row(html, texts.get("shared.number", i + 1), used(others.get(i), texts));
            }
            if (view.formerBytes() > 0) {
                row(html, texts.get("shared.former"), texts.volume(view.formerBytes()));
            }
        } else {
            long rest = view.formerBytes();
            for (MemberView other : others) {
                rest += other.usedBytes() + other.beyondBytes();
            }
            row(html, texts.get("shared.rest"), texts.volume(rest));
        }
        html.raw("</table></section>");
    }

    private static String used(MemberView member, Texts texts) {
        String used = texts.volume(member.usedBytes() + member.beyondBytes());
        MemberCap cap = member.cap();
        return cap == null
                ? used
                : used + " · "
                        + texts.get(
                                "shared.cap." + cap.window().word(),
                                texts.volume(member.cappedBytes()),
                                texts.volume(cap.bytes()));
    }

    private static void row(Html html, String name, String value) {
        html.raw("<tr><th scope=row>").text(name).raw("<td>").text(value);
    }
}

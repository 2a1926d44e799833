package dev.octroi.web.console;

import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.MemberView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.web.Html;
import java.time.Instant;

/** Who spends the same volume, numbered as on the owner's page; the others' identifiers are not told. */
final class MembersCard {
    private MembersCard() {}

    static void write(Html html, MembersView view, long subscriptionId, Instant now) {
        html.raw("<section class=card><h2>Shared volume</h2><dl>");
        int number = 0;
        for (MemberView member : view.members()) {
            html.raw("<dt>").text(member.isOwner() ? "Owner" : "Member " + ++number);
            if (member.subscriptionId() == subscriptionId) {
                html.raw(" <small>this one</small>");
            }
            html.raw("<dd>").text(Marks.volume(member.usedBytes() + member.beyondBytes()));
            cap(html, member);
            since(html, member, now);
        }
        if (view.formerBytes() > 0) {
            html.raw("<dt>Who left<dd>").text(Marks.volume(view.formerBytes()));
        }
        html.raw("<dt>Room for<dd>").text(String.valueOf(view.maxMembers())).raw("</dl></section>");
    }

    private static void cap(Html html, MemberView member) {
        MemberCap cap = member.cap();
        if (cap != null) {
            html.text(", " + Marks.volume(member.cappedBytes()) + " of at most " + Marks.volume(cap.bytes()) + " a "
                    + cap.window().word());
        }
    }

    private static void since(Html html, MemberView member, Instant now) {
        if (member.joinedAt() != null) {
            html.raw("<br><small>joined ")
                    .text(Marks.age(member.joinedAt(), now))
                    .raw(" ago</small>");
        }
    }
}

package dev.octroi.support;

import dev.octroi.db.PublicId;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.MemberView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.SharedView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a pack says of a shared volume: who draws from it since when, with which cap, and how much each took. A pack is about
 * one subscription and may be handed to its traveller, so the others have numbers in it as on the page, no identifiers.
 */
final class SharedEvidence {
    private static final Pattern SUBSCRIPTION = Pattern.compile("sub_[0-9A-HJKMNP-TV-Z]{13}");
    private static final String OWNER = "owner";
    private static final String FORMER = "former-member";

    private final long subject;
    private final Optional<MembersView> members;
    private final Map<String, String> names = new HashMap<>();

    /**
     * @param subject the subscription that the pack is about
     * @param members who shares its volume now; empty where nobody does, or the subject has left
     */
    SharedEvidence(long subject, Optional<MembersView> members) {
        this.subject = subject;
        this.members = members;
        int number = 0;
        for (MemberView each : members.map(MembersView::members).orElse(List.of())) {
            names.put(
                    PublicId.SUBSCRIPTION.format(each.subscriptionId()), each.isOwner() ? OWNER : "member-" + ++number);
        }
    }

    /** The part {@code shared}. */
    JsonObject part(SharedView shared) {
        JsonObject json = new JsonObject().put("role", shared.isOwner() ? OWNER : "member");
        put(json, "joinedAt", shared.joinedAt());
        put(json, "leftAt", shared.leftAt());
        members.ifPresent(view -> {
            JsonArray list = new JsonArray();
            view.members().forEach(each -> list.add(part(each)));
            json.put("maxMembers", view.maxMembers())
                    .put("formerBytes", view.formerBytes())
                    .put("members", list);
        });
        return json;
    }

    private JsonObject part(MemberView member) {
        JsonObject json = new JsonObject()
                .put("name", names.get(PublicId.SUBSCRIPTION.format(member.subscriptionId())))
                .put("isSubject", member.subscriptionId() == subject)
                .put("usedBytes", member.usedBytes())
                .put("beyondBytes", member.beyondBytes());
        put(json, "joinedAt", member.joinedAt());
        MemberCap cap = member.cap();
        return cap == null
                ? json
                : json.put(
                        "cap",
                        new JsonObject()
                                .put("bytes", cap.bytes())
                                .put("window", cap.window().word())
                                .put("usedBytes", member.cappedBytes()));
    }

    /** A list of the pack with the others' names in place of their identifiers. */
    JsonArray unnamed(JsonArray list) {
        String own = PublicId.SUBSCRIPTION.format(subject);
        return new JsonArray(SUBSCRIPTION
                .matcher(list.encode())
                .replaceAll(found -> found.group().equals(own) ? own : names.getOrDefault(found.group(), FORMER)));
    }

    private static void put(JsonObject json, String name, @Nullable Instant at) {
        if (at != null) {
            json.put(name, at.toString());
        }
    }
}

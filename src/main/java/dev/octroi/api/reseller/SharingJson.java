package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import dev.octroi.catalog.Sharing;
import dev.octroi.db.PublicId;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.SharedView;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Sharing of plans and the caps of members on the wire. */
public final class SharingJson {
    private SharingJson() {}

    static @Nullable Sharing read(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        JsonObject price = json.getJsonObject("memberPrice");
        return new Sharing(
                json.getInteger("maxMembers"),
                json.getLong("memberBytes", 0L),
                price == null ? null : MoneyJson.read(price));
    }

    static JsonObject write(Sharing sharing) {
        JsonObject json =
                new JsonObject().put("maxMembers", sharing.maxMembers()).put("memberBytes", sharing.memberBytes());
        Money price = sharing.memberPrice();
        return price == null ? json : json.put("memberPrice", MoneyJson.write(price));
    }

    /** What a subscription shares, and how much of its cap it has used. */
    public static JsonObject write(SharedView shared) {
        JsonObject json = new JsonObject()
                .put("role", shared.isOwner() ? "owner" : "member")
                .put("ownerId", PublicId.SUBSCRIPTION.format(shared.ownerSubscriptionId()))
                .put("members", shared.members());
        MemberCap cap = shared.cap();
        if (cap != null) {
            json.put("cap", write(cap).put("usedBytes", shared.cappedBytes()));
        }
        Times.put(json, "joinedAt", shared.joinedAt());
        Times.put(json, "leftAt", shared.leftAt());
        return json;
    }

    static JsonObject write(MemberCap cap) {
        return new JsonObject()
                .put("bytes", cap.bytes())
                .put("window", cap.window().word());
    }

    /** Fails with {@link IllegalArgumentException} for a cap out of range. */
    public static MemberCap readCap(JsonObject json) {
        return new MemberCap(
                json.getLong("bytes"),
                MemberCap.Window.of(json.getString("window", "plan")).orElseThrow(IllegalArgumentException::new));
    }
}

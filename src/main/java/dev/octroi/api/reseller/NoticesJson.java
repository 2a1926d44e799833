package dev.octroi.api.reseller;

import dev.octroi.notice.Channel;
import dev.octroi.notice.ChannelWish;
import dev.octroi.notice.words.NoticeKind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** How a traveller is told, as JSON: the address masked, and never given back whole. */
final class NoticesJson {
    private static final String NO_ADDRESS = "none";

    private NoticesJson() {}

    /** @param sends whether this installation sends mail */
    static JsonObject write(boolean sends, Optional<Channel> channel, String language) {
        ChannelWish wish = channel.map(Channel::wish).orElseGet(() -> ChannelWish.usual(language));
        JsonArray kinds = new JsonArray(Arrays.stream(NoticeKind.values())
                .filter(wish.kinds()::contains)
                .map(NoticeKind::word)
                .toList());
        JsonObject json = new JsonObject()
                .put("sends", sends)
                .put("state", channel.map(each -> each.state().word()).orElse(NO_ADDRESS))
                .put("language", wish.language())
                .put("kinds", kinds)
                .put("maxPerDay", wish.maxPerDay());
        channel.ifPresent(each -> json.put("mail", each.address().masked()));
        return json;
    }

    /** What is wanted: members that are left out stay as they are. */
    static ChannelWish read(JsonObject body, Optional<Channel> before, String language) {
        ChannelWish held = before.map(Channel::wish).orElseGet(() -> ChannelWish.usual(language));
        return new ChannelWish(
                body.containsKey("kinds") ? kinds(body.getJsonArray("kinds")) : held.kinds(),
                body.getInteger("maxPerDay", held.maxPerDay()),
                body.getString("language", held.language()));
    }

    private static Set<NoticeKind> kinds(JsonArray words) {
        Set<NoticeKind> kinds = EnumSet.noneOf(NoticeKind.class);
        for (Object word : words) {
            NoticeKind.of(String.valueOf(word)).ifPresent(kinds::add);
        }
        return kinds;
    }
}

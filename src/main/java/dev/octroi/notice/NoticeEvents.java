package dev.octroi.notice;

import dev.octroi.notice.words.Occurrence;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Events as the words of notices know them. */
final class NoticeEvents {
    private NoticeEvents() {}

    static Occurrence of(String type, JsonObject data, Instant at) {
        Map<String, Object> members = new HashMap<>();
        for (Map.Entry<String, Object> member : data) {
            Object value = member.getValue();
            if (value != null) {
                members.put(member.getKey(), value instanceof JsonArray array ? array.getList() : value);
            }
        }
        return new Occurrence(type, members, at);
    }
}

package dev.octroi.callback.network;

import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.policy.Level;
import dev.octroi.policy.Speed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy as the stream {@link Stream#NETWORK} carries it. Pure. */
public final class PolicyPayload {
    private PolicyPayload() {}

    /**
     * The payload of an outbox row; its members are told in {@link OutboxRow#payload}.
     *
     * @param speed null: unlimited
     * @param until when it ends by itself; null: no such moment
     */
    public static JsonObject of(
            Level level,
            @Nullable Speed speed,
            String reason,
            List<String> blockedCategories,
            @Nullable Instant until) {
        JsonObject payload = new JsonObject().put("level", number(level)).put("reason", reason);
        if (speed != null) {
            payload.put("kbpsDown", speed.downKbps()).put("kbpsUp", speed.upKbps());
        }
        if (!blockedCategories.isEmpty()) {
            payload.put("blockedCategories", new JsonArray(List.copyOf(blockedCategories)));
        }
        if (until != null) {
            payload.put("until", until.toString());
        }
        return payload;
    }

    /** The level's number on the wire; 1 was a mere notice and is not sent. */
    private static int number(Level level) {
        return switch (level) {
            case NORMAL -> 0;
            case THROTTLED -> 2;
            case BACKGROUND_BLOCKED -> 3;
            case SUSPENDED_DATA -> 4;
            case SUSPENDED_ALL -> 5;
        };
    }
}

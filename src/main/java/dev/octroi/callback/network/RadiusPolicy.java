package dev.octroi.callback.network;

import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.radius.DynamicAuthorizationRequest.Kind;
import dev.octroi.radius.DynamicAuthorizationRequest.Wish;
import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;

/** A policy in the words of dynamic authorization. Pure. */
final class RadiusPolicy {
    private static final int THROTTLED = 2;
    private static final int BACKGROUND_BLOCKED = 3;
    private static final int DATA_SUSPENDED = 4;

    private RadiusPolicy() {}

    /**
     * What is asked of the element: a change of authorization, whose Filter-Id names the policy, or the end of all sessions
     * when everything is suspended.
     *
     * @param payload as in {@link OutboxRow#payload}
     */
    static Wish of(JsonObject payload, String imsi) {
        int level = payload.getInteger("level");
        OptionalLong down = kbps(payload, "kbpsDown");
        String name = switch (level) {
            case 0 -> "normal";
            case THROTTLED -> "throttled-" + down.orElse(0);
            case BACKGROUND_BLOCKED -> "background-blocked";
            case DATA_SUSPENDED -> "suspended-data";
            default -> "suspended-all";
        };
        return new Wish(level > DATA_SUSPENDED ? Kind.DISCONNECT : Kind.COA, imsi, name, down, kbps(payload, "kbpsUp"));
    }

    private static OptionalLong kbps(JsonObject payload, String name) {
        Long kbps = payload.getLong(name);
        return kbps == null ? OptionalLong.empty() : OptionalLong.of(kbps);
    }
}

package dev.octroi.app;

import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.session.DeviceFacts;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.words.StatusWords;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** A step of a profile as events carry it: for webhooks, the feed and the timeline. No identifier is in it. */
final class ProfileStepJson {
    private ProfileStepJson() {}

    static JsonObject of(ProfileChange change) {
        JsonObject data = new JsonObject()
                .put("step", change.step().text())
                .put("ok", change.ok())
                .put("state", change.state().text())
                .put("attempts", change.attempts());
        GsmaStatus refusal = change.refusal();
        if (refusal != null) {
            refusal(data, refusal);
        }
        if (change.errorCause() != null) {
            data.put("errorCause", change.errorCause().text());
        }
        if (change.device() != null) {
            data.put("device", device(change.device()));
        }
        ProfileChange.Note note = change.note();
        if (note != null) {
            data.put("by", note.actor()).put("reason", note.reason());
        }
        return data;
    }

    private static void refusal(JsonObject data, GsmaStatus refusal) {
        data.put("subjectCode", refusal.subjectCode())
                .put("reasonCode", refusal.reasonCode())
                .put("actor", StatusWords.actor(refusal.code()).word())
                .put("message", StatusWords.support(refusal.code(), Locale.ENGLISH));
        if (refusal.detail() != null) {
            data.put("detail", refusal.detail());
        }
    }

    private static JsonObject device(DeviceFacts facts) {
        JsonObject device = new JsonObject()
                .put("tac", facts.tac())
                .put("specVersion", facts.specVersion())
                .put("firmware", facts.firmware());
        facts.freeMemoryBytes().ifPresent(bytes -> device.put("freeMemoryBytes", bytes));
        return device;
    }
}

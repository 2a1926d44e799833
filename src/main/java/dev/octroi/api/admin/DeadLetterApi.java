package dev.octroi.api.admin;

import dev.octroi.callback.outbox.DeadLetter;
import dev.octroi.callback.outbox.DeadLetterStore;
import dev.octroi.db.PublicId;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** The operations of the admin API on what was given up towards the network and operators, by operationId. */
final class DeadLetterApi {
    private DeadLetterApi() {}

    /**
     * The handlers, for {@link AdminApi}.
     *
     * @param nudge called after a commit that left something to send
     */
    static Map<String, OperationHandler> handlers(AdminCalls calls, Cursors cursors, Runnable nudge) {
        DeadLetterStore store = new DeadLetterStore();
        return Map.of(
                "listDeadLetters", new ListDeadLettersHandler(calls, store, cursors),
                "replayDeadLetter", new ReplayDeadLetterHandler(calls, store, nudge));
    }

    static JsonObject write(DeadLetter letter) {
        return new JsonObject()
                .put("id", PublicId.CALLBACK.format(letter.id()))
                .put("tenantId", TenantJson.id(letter.tenantId()))
                .put("stream", letter.stream().sqlName())
                .put("subject", subject(letter))
                .put("version", letter.version())
                .put("attempts", letter.attempts())
                .put("lastStatus", letter.lastStatus())
                .put("lastError", letter.lastError())
                .put("createdAt", letter.createdAt().toString())
                .put("givenUpAt", letter.givenUpAt().toString());
    }

    private static String subject(DeadLetter letter) {
        return switch (letter.stream()) {
            case CHARGING -> PublicId.OPERATION.format(letter.key());
            case ES2 -> PublicId.PROFILE.format(letter.key());
            case NETWORK, WEBHOOK -> PublicId.SUBSCRIPTION.format(letter.key());
        };
    }
}

package dev.octroi.api.operator;

import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.json.JsonObject;

/** The body of an ES2+ answer: the header with the status, then the fields (SGP.22 v2.5 §6.5.1.4). */
final class Es2Answer {
    private Es2Answer() {}

    static JsonObject of(Outcome<JsonObject> outcome) {
        JsonObject status = new JsonObject();
        JsonObject answer = new JsonObject().put("header", new JsonObject().put("functionExecutionStatus", status));
        switch (outcome) {
            case Outcome.Done<JsonObject> done -> {
                status.put("status", "Executed-Success");
                answer.mergeIn(done.value());
            }
            case Outcome.Failed<JsonObject> failed ->
                status.put("status", "Failed").put("statusCodeData", codes(failed.status()));
        }
        return answer;
    }

    private static JsonObject codes(GsmaStatus refusal) {
        return new JsonObject()
                .put("subjectCode", refusal.subjectCode())
                .put("reasonCode", refusal.reasonCode())
                .put("message", refusal.message());
    }
}

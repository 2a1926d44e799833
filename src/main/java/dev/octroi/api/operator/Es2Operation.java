package dev.octroi.api.operator;

import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** One function of ES2+: from the body to the fields of the answer. */
@FunctionalInterface
interface Es2Operation {
    Future<Outcome<JsonObject>> handle(OperatorCall call, Es2Body body) throws Es2Body.Refused;
}

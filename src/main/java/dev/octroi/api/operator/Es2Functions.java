package dev.octroi.api.operator;

import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.order.OperatorOrders;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.secret.Sensitive;
import dev.octroi.smdp.SmDpPlus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The functions of ES2+ in JSON (SGP.22 §5.3, §6.5.2). */
final class Es2Functions {
    private final SmDpPlus orders;

    Es2Functions(SmDpPlus orders) {
        this.orders = orders;
    }

    Future<Outcome<JsonObject>> downloadOrder(OperatorCall call, Es2Body body) throws Es2Body.Refused {
        @Nullable String profileType = body.text("profileType");
        return orders.downloadOrder(
                        call,
                        body.eid(),
                        body.iccid(),
                        profileType == null || profileType.isEmpty() ? null : profileType)
                .map(outcome -> outcome.then(iccid -> Outcome.done(new JsonObject().put("iccid", iccid.digits()))));
    }

    Future<Outcome<JsonObject>> confirmOrder(OperatorCall call, Es2Body body) throws Es2Body.Refused {
        @Nullable String code = body.text("confirmationCode");
        OperatorOrders.Confirmation wanted = new OperatorOrders.Confirmation(
                body.eid(),
                body.text("matchingId"),
                code == null || code.isEmpty() ? null : Sensitive.of(code),
                body.text("smdsAddress"),
                body.requireFlag("releaseFlag"));
        return orders.confirmOrder(call, body.requireIccid(), wanted)
                .map(outcome -> outcome.then(confirmed -> {
                    JsonObject answer = new JsonObject();
                    confirmed
                            .eid()
                            .ifPresent(eid -> answer.put("eid", eid.reveal().digits()));
                    confirmed.smdpAddress().ifPresent(address -> answer.put("smdpAddress", address));
                    return Outcome.done(
                            answer.put("matchingId", confirmed.matchingId().reveal()));
                }));
    }

    Future<Outcome<JsonObject>> cancelOrder(OperatorCall call, Es2Body body) throws Es2Body.Refused {
        boolean available = switch (body.requireText("finalProfileStatusIndicator")) {
            case "Available" -> true;
            case "Unavailable" -> false;
            default -> throw new Es2Body.Refused(GsmaStatus.INVALID_INPUT);
        };
        return orders.cancelOrder(call, body.requireIccid(), body.eid(), body.text("matchingId"), available)
                .map(outcome -> outcome.then(iccid -> Outcome.done(new JsonObject())));
    }

    Future<Outcome<JsonObject>> releaseProfile(OperatorCall call, Es2Body body) throws Es2Body.Refused {
        return orders.releaseProfile(call, body.requireIccid())
                .map(outcome -> outcome.then(iccid -> Outcome.done(new JsonObject())));
    }
}

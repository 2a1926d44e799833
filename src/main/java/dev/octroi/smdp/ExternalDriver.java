package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.order.OperatorOrders.Confirmation;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another SM-DP+, through ES2+. Tenant and partner of a call are ours and are not told. */
public final class ExternalDriver implements SmDpPlus {
    /** The same call would be answered in the same way again, so the order fails. */
    static final GsmaStatus UNUSABLE =
            new GsmaStatus("8.8", "4.2", "The SM-DP+ answered without a number or a code that a device can use.");

    private final Es2Client client;

    /** A driver over a client, which stays the caller's to close. */
    public ExternalDriver(Es2Client client) {
        this.client = requireNonNull(client, "client is null");
    }

    @Override
    public Future<Outcome<Iccid>> downloadOrder(
            OperatorCall call, @Nullable Eid eid, @Nullable Iccid iccid, @Nullable String profileType) {
        JsonObject body = new JsonObject();
        putEid(body, eid);
        if (iccid != null) {
            body.put("iccid", iccid.digits());
        }
        if (profileType != null) {
            body.put("profileType", profileType);
        }
        return client.call(
                        "downloadOrder",
                        call.identifier(),
                        body,
                        status -> iccid != null && Repeated.isReserved(status))
                .map(outcome -> outcome.then(answer -> number(answer, iccid)));
    }

    private static Outcome<Iccid> number(JsonObject answer, @Nullable Iccid asked) {
        Object given = answer.getValue("iccid");
        if (given instanceof String text && Iccid.isValid(text)) {
            return Outcome.done(Iccid.ofText(text));
        }
        return asked != null && given == null ? Outcome.done(asked) : Outcome.failed(UNUSABLE);
    }

    @Override
    public Future<Outcome<ConfirmedOrder>> confirmOrder(OperatorCall call, Iccid iccid, Confirmation wanted) {
        JsonObject body = new JsonObject().put("iccid", iccid.digits()).put("releaseFlag", wanted.release());
        putEid(body, wanted.eid());
        if (wanted.matchingId() != null) {
            body.put("matchingId", wanted.matchingId());
        }
        if (wanted.confirmationCode() != null) {
            body.put("confirmationCode", wanted.confirmationCode().reveal());
        }
        if (wanted.discoveryAddress() != null) {
            body.put("smdsAddress", wanted.discoveryAddress());
        }
        return client.call(
                        "confirmOrder",
                        call.identifier(),
                        body,
                        status -> wanted.matchingId() != null && Repeated.isConfirmed(status))
                .map(outcome -> outcome.then(answer -> confirmed(answer, wanted)));
    }

    private static Outcome<ConfirmedOrder> confirmed(JsonObject answer, Confirmation wanted) {
        String asked = wanted.matchingId();
        String matchingId = text(answer, "matchingId")
                .filter(given -> !given.equalsIgnoreCase(asked))
                .orElse(asked);
        if (matchingId == null) {
            return Outcome.failed(UNUSABLE);
        }
        Optional<Sensitive<Eid>> eid = text(answer, "eid")
                .filter(Eid::isValid)
                .map(Eid::new)
                .or(() -> Optional.ofNullable(wanted.eid()))
                .map(Sensitive::of);
        return Outcome.done(new ConfirmedOrder(eid, Sensitive.of(matchingId), text(answer, "smdpAddress")));
    }

    @Override
    public Future<Outcome<Iccid>> cancelOrder(
            OperatorCall call, Iccid iccid, @Nullable Eid eid, @Nullable String matchingId, boolean available) {
        JsonObject body = new JsonObject()
                .put("iccid", iccid.digits())
                .put("finalProfileStatusIndicator", available ? "Available" : "Unavailable");
        putEid(body, eid);
        if (matchingId != null) {
            body.put("matchingId", matchingId);
        }
        return client.call("cancelOrder", call.identifier(), body, Repeated::isCancelled)
                .map(outcome -> outcome.then(answer -> Outcome.done(iccid)));
    }

    @Override
    public Future<Outcome<Iccid>> releaseProfile(OperatorCall call, Iccid iccid) {
        return client.call(
                        "releaseProfile",
                        call.identifier(),
                        new JsonObject().put("iccid", iccid.digits()),
                        Repeated::isReleased)
                .map(outcome -> outcome.then(answer -> Outcome.done(iccid)));
    }

    private static void putEid(JsonObject body, @Nullable Eid eid) {
        if (eid != null) {
            body.put("eid", eid.digits());
        }
    }

    /** Some servers write what they do not have as an empty text. */
    private static Optional<String> text(JsonObject answer, String name) {
        return answer.getValue(name) instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }
}

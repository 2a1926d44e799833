package dev.octroi.smdp;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.order.OperatorOrders.Confirmation;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An SM-DP+ that profiles are ordered from, as an operator sees it: the functions of ES2+ (SGP.22 v2.5 §5.3.1 to §5.3.4).
 * What it refuses is an outcome with the status of the standard; the future fails only when it is not known whether the
 * function was carried out. The same call may then be made again, under the same identifier: it is carried out once.
 */
public interface SmDpPlus {
    /** Reserves a profile by its number or of a type, for a card where one is given; gives its number. */
    Future<Outcome<Iccid>> downloadOrder(
            OperatorCall call, @Nullable Eid eid, @Nullable Iccid iccid, @Nullable String profileType);

    /** Fixes card, matching id and code of an order, and releases it where that is asked for. */
    Future<Outcome<ConfirmedOrder>> confirmOrder(OperatorCall call, Iccid iccid, Confirmation wanted);

    /**
     * Takes an order back as long as no card has the profile.
     *
     * @param available whether the profile goes back in stock
     */
    Future<Outcome<Iccid>> cancelOrder(
            OperatorCall call, Iccid iccid, @Nullable Eid eid, @Nullable String matchingId, boolean available);

    /** Lets a confirmed profile be downloaded. */
    Future<Outcome<Iccid>> releaseProfile(OperatorCall call, Iccid iccid);

    /**
     * A confirmed order.
     *
     * @param eid the card it is for, when there is one
     * @param matchingId the token of the activation code, empty when the card alone decides
     * @param smdpAddress where the profile is downloaded from, when the server says so
     */
    record ConfirmedOrder(Optional<Sensitive<Eid>> eid, Sensitive<String> matchingId, Optional<String> smdpAddress) {}
}

package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.order.OperatorOrders;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SM-DP+ within this process. */
public final class BuiltInDriver implements SmDpPlus {
    private final OperatorOrders orders;
    private final String smdpAddress;

    /** @param smdpAddress as activation codes carry it */
    public BuiltInDriver(OperatorOrders orders, String smdpAddress) {
        this.orders = requireNonNull(orders, "orders is null");
        this.smdpAddress = requireNonNull(smdpAddress, "smdpAddress is null");
    }

    @Override
    public Future<Outcome<Iccid>> downloadOrder(
            OperatorCall call, @Nullable Eid eid, @Nullable Iccid iccid, @Nullable String profileType) {
        return orders.downloadOrder(call, eid, iccid, profileType);
    }

    @Override
    public Future<Outcome<ConfirmedOrder>> confirmOrder(
            OperatorCall call, Iccid iccid, OperatorOrders.Confirmation wanted) {
        return orders.confirmOrder(call, iccid, wanted)
                .map(outcome -> outcome.then(confirmed -> Outcome.done(
                        new ConfirmedOrder(confirmed.eid(), confirmed.matchingId(), Optional.of(smdpAddress)))));
    }

    @Override
    public Future<Outcome<Iccid>> cancelOrder(
            OperatorCall call, Iccid iccid, @Nullable Eid eid, @Nullable String matchingId, boolean available) {
        return orders.cancelOrder(call, iccid, eid, matchingId, available);
    }

    @Override
    public Future<Outcome<Iccid>> releaseProfile(OperatorCall call, Iccid iccid) {
        return orders.releaseProfile(call, iccid);
    }
}

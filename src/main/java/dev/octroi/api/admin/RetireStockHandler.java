package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.StockRetirementStore;
import dev.octroi.rsp.type.ProfileTypeStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /tenants/{tenantId}/profile-types/{profileType}/retire-stock}: one profile, or what is left of a type. */
final class RetireStockHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ProfileTypeStore types;
    private final StockRetirementStore stock;

    RetireStockHandler(AdminCalls calls, ProfileTypeStore types, StockRetirementStore stock) {
        this.calls = calls;
        this.types = types;
        this.stock = stock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        StockRetirementStore.Order order = new StockRetirementStore.Order(
                AdminCalls.tenantInPath(call),
                call.path("profileType"),
                new ProfileChange.Note("admin", Reasons.read(call.body())),
                calls.now());
        String iccid = call.body().getString("iccid");
        Iccid number = iccid == null ? null : Iccid.ofText(iccid);
        return calls.once(
                call,
                connection -> types.find(connection, order.tenantId(), order.profileType())
                        .compose(found -> found.isEmpty()
                                ? Future.failedFuture(AdminCalls.notFound())
                                : retire(call, connection, order, number)));
    }

    private Future<Reply> retire(
            ApiCall call, SqlConnection connection, StockRetirementStore.Order order, @Nullable Iccid number) {
        return number == null
                ? stock.retire(connection, order)
                        .compose(retired -> answer(call, connection, order, order.profileType(), retired))
                : stock.find(connection, order.tenantId(), order.profileType(), number)
                        .map(found -> found.orElseThrow(AdminCalls::notFound))
                        .compose(id -> stock.retire(connection, order, number)
                                .compose(retired -> retired
                                        ? answer(call, connection, order, PublicId.PROFILE.format(id), 1)
                                        : Future.failedFuture(notInStock())));
    }

    private Future<Reply> answer(
            ApiCall call, SqlConnection connection, StockRetirementStore.Order order, String object, int retired) {
        return stock.remaining(connection, order.tenantId(), order.profileType())
                .compose(remaining -> calls.audit(
                                connection,
                                call,
                                order.tenantId(),
                                "profiles.retired",
                                object,
                                order.note().reason(),
                                Map.of("profileType", order.profileType(), "retired", retired, "remaining", remaining))
                        .map(Reply.ok(new JsonObject()
                                .put("profileType", order.profileType())
                                .put("retired", retired)
                                .put("remaining", remaining))));
    }

    private static RuntimeException notInStock() {
        return Problem.of(ProblemType.CONFLICT, "The profile is ordered, used or retired already")
                .withCode("not_in_stock")
                .toException();
    }
}

package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.callback.outbox.DeadLetterStore;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;

/** {@code POST /dead-letters/{callbackId}/replay}. */
final class ReplayDeadLetterHandler implements OperationHandler {
    private final AdminCalls calls;
    private final DeadLetterStore store;
    private final Runnable nudge;

    ReplayDeadLetterHandler(AdminCalls calls, DeadLetterStore store, Runnable nudge) {
        this.calls = calls;
        this.store = store;
        this.nudge = nudge;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        // The contract has checked the form; 65 bits in it are nobody's identifier.
        long id = PublicId.CALLBACK.parse(call.path("callbackId")).orElseThrow(AdminCalls::notFound);
        return calls.once(call, connection -> replay(call, connection, id)).onSuccess(done -> nudge.run());
    }

    private Future<Reply> replay(ApiCall call, SqlConnection connection, long id) {
        return store.replay(connection, AdminCalls.principal(call).tenantId(), id, calls.now())
                .compose(replayed -> switch (replayed.result()) {
                    case UNKNOWN -> Future.failedFuture(AdminCalls.notFound());
                    case OVERTAKEN ->
                        Future.failedFuture(
                                Problem.of(ProblemType.CONFLICT, "The network was told something newer since then")
                                        .withCode("overtaken")
                                        .toException());
                    case DUE -> due(call, connection, replayed.tenantId(), id);
                });
    }

    private Future<Reply> due(ApiCall call, SqlConnection connection, int tenantId, long id) {
        String name = PublicId.CALLBACK.format(id);
        return calls.audit(connection, call, tenantId, "callback.replayed", name, Reasons.read(call.body()), null)
                .map(Reply.json(202, new JsonObject().put("id", name)));
    }
}

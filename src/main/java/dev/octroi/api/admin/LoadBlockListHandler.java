package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.api.reseller.TargetLimits;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.support.BlockLists;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code POST /block-list}: a new version, in force on every gateway within seconds. */
final class LoadBlockListHandler implements OperationHandler {
    private final AdminCalls calls;
    private final BlockLists lists;

    LoadBlockListHandler(AdminCalls calls, BlockLists lists) {
        this.calls = calls;
        this.lists = lists;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        TargetLimits.require(AdminCalls.principal(call), "block");
        Set<String> entries = call.body().getJsonArray("entries").stream()
                .map(String::valueOf)
                .collect(Collectors.toSet());
        String reason = Reasons.read(call.body());
        String subject = AdminCalls.principal(call).subject();
        return calls.once(
                        call,
                        connection -> lists.add(connection, entries, reason, subject, calls.now())
                                .compose(loaded -> calls.audit(
                                                connection,
                                                call,
                                                AdminCalls.OPERATOR,
                                                "block_list.loaded",
                                                "block-list",
                                                reason,
                                                Map.of(
                                                        "version", loaded.list().version(),
                                                        "entries",
                                                                loaded.list()
                                                                        .destinations()
                                                                        .size()))
                                        .map(done -> Reply.json(201, GetBlockListHandler.writeLoaded(loaded)))))
                .onSuccess(done -> lists.refresh());
    }
}

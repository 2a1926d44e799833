package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.support.BlockLists;
import dev.octroi.support.LoadedBlockList;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code GET /block-list}. */
final class GetBlockListHandler implements OperationHandler {
    private final BlockLists lists;

    GetBlockListHandler(BlockLists lists) {
        this.lists = lists;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        return lists.newest().map(found -> Reply.json(200, write(found.orElseThrow(AdminCalls::notFound))));
    }

    static JsonObject write(LoadedBlockList loaded) {
        List<String> entries = loaded.list().destinations().stream().sorted().toList();
        return writeLoaded(loaded).put("entries", new JsonArray(entries));
    }

    /** Without the entries, which would be kept for two days with the answer to a load. */
    static JsonObject writeLoaded(LoadedBlockList loaded) {
        return new JsonObject()
                .put("version", loaded.list().version())
                .put("count", loaded.list().destinations().size())
                .put("reason", loaded.reason())
                .put("loadedBy", loaded.loadedBy())
                .put("loadedAt", loaded.loadedAt().toString());
    }
}

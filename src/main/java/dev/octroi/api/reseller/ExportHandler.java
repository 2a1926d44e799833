package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.privacy.ExportSection;
import dev.octroi.privacy.Exports;
import dev.octroi.privacy.Traveller;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /subscriptions/{subscriptionId}/export}: all that is held of a traveller, each list a page at a time. Who asked is
 * audited with the first page of whatever is asked for.
 */
final class ExportHandler implements OperationHandler {
    private static final List<ExportSection> ALL = List.of(ExportSection.values());

    private final TenantCalls calls;
    private final Exports exports;
    private final ExportJson json;

    ExportHandler(TenantCalls calls, Exports exports, ExportJson json) {
        this.calls = calls;
        this.exports = exports;
        this.json = json;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Caller caller = calls.caller(call);
        long id = PathIds.subscription(call);
        Optional<ExportSection> one = call.query("section").flatMap(ExportSection::of);
        if (one.isEmpty() && call.query("after").isPresent()) {
            throw Problem.of(ProblemType.INVALID_CURSOR).toException();
        }
        String after = one.map(section -> json.after(call, caller, id, section)).orElse("");
        int limit = TenantCalls.limit(call);
        return calls.asWorker(connection -> exports.find(connection, caller.tenantId(), id)
                        .compose(found -> read(
                                connection,
                                caller,
                                found.orElseThrow(Refusals::notFound),
                                one.map(List::of).orElse(ALL),
                                after,
                                limit)))
                .map(document -> Reply.ok(document).withHeader("Cache-Control", "no-store"));
    }

    private Future<JsonObject> read(
            SqlConnection connection,
            Caller caller,
            Traveller of,
            List<ExportSection> sections,
            String after,
            int limit) {
        Future<JsonObject> document =
                exports.about(connection, of).map(about -> json.document(of.subscriptionId(), about));
        for (ExportSection section : sections) {
            document = document.compose(made -> exports.part(connection, of, section, after, limit)
                    .map(part -> json.add(made, caller, of.subscriptionId(), part)));
        }
        return document.compose(made -> after.isEmpty()
                ? calls.audit(
                                connection,
                                caller,
                                "subscription.exported",
                                PublicId.SUBSCRIPTION.format(of.subscriptionId()),
                                Map.of(
                                        "sections",
                                        sections.stream()
                                                .map(ExportSection::word)
                                                .toList()))
                        .map(made)
                : Future.succeededFuture(made));
    }
}

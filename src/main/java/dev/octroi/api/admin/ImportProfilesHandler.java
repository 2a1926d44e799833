package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.rsp.stock.ImportReport;
import dev.octroi.rsp.stock.StockImport;
import dev.octroi.rsp.stock.StockImport.Batch;
import dev.octroi.rsp.stock.StockImport.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code PUT /tenants/{tenantId}/profile-types/{profileType}/batches/{batch}}. */
final class ImportProfilesHandler implements OperationHandler {
    private static final int MAX_ROWS = 20_000;

    private final AdminCalls calls;
    private final StockImport imports;

    ImportProfilesHandler(AdminCalls calls, StockImport imports) {
        this.calls = calls;
        this.imports = imports;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        // Whoever imports a number can have policies enforced on it and sees its use, so only who knows whose it is
        // may.
        AdminCalls.requireOperator(call);
        int tenantId = AdminCalls.tenantInPath(call);
        byte[] content = call.bodyBytes().getBytes();
        return imports.holdsMoreThan(MAX_ROWS, reader(content)).compose(more -> {
            if (more) {
                throw problem(ProblemType.UNPROCESSABLE, "At most 20,000 rows are taken at once.", "too_many_rows");
            }
            return run(call, tenantId, reader(content));
        });
    }

    private static Reader reader(byte[] content) {
        return new InputStreamReader(new ByteArrayInputStream(content), StandardCharsets.UTF_8);
    }

    private Future<Reply> run(ApiCall call, int tenantId, Reader content) {
        Batch batch = new Batch(
                tenantId, call.path("profileType"), call.query("transportKey").orElse(null), content, MAX_ROWS);
        return imports.run(
                        batch,
                        (connection, type, imported, firstLine, lastLine) -> calls.audit(
                                connection,
                                call,
                                tenantId,
                                "profiles.imported",
                                type.name(),
                                null,
                                Map.of(
                                        "batch", call.path("batch"),
                                        "typeVersion", type.version(),
                                        "imported", imported,
                                        "firstLine", firstLine,
                                        "lastLine", lastLine)),
                        report -> {})
                .map(outcome -> switch (outcome) {
                    case Outcome.Done done -> Reply.ok(json(call.path("batch"), done.report()));
                    case Outcome.Refused refused -> throw refusal(refused);
                });
    }

    private static RuntimeException refusal(Outcome.Refused refused) {
        return switch (refused.reason()) {
            case UNKNOWN_TYPE -> AdminCalls.notFound();
            case RETIRED_TYPE -> problem(ProblemType.CONFLICT, refused.sentence(), "profile_type_retired");
            case UNKNOWN_TRANSPORT_KEY ->
                problem(ProblemType.UNPROCESSABLE, refused.sentence(), "unknown_transport_key");
            case HEADER -> problem(ProblemType.UNPROCESSABLE, refused.sentence(), "invalid_header");
            case TOO_MANY_ROWS -> problem(ProblemType.UNPROCESSABLE, refused.sentence(), "too_many_rows");
        };
    }

    private static RuntimeException problem(ProblemType type, String sentence, String code) {
        return Problem.of(type, sentence).withCode(code).toException();
    }

    private static JsonObject json(String batch, ImportReport report) {
        JsonArray refusals = new JsonArray();
        report.refusals()
                .forEach(each -> refusals.add(new JsonObject()
                        .put("line", each.line())
                        .put("code", each.fault().code())
                        .put("detail", each.fault().sentence())));
        return new JsonObject()
                .put("batch", batch)
                .put("rows", report.rows())
                .put("imported", report.imported())
                .put("unchanged", report.unchanged())
                .put("refused", report.refused())
                .put("refusals", refusals);
    }
}

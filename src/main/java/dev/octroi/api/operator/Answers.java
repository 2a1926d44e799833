package dev.octroi.api.operator;

import dev.octroi.access.Partner;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.usage.Fault;
import dev.octroi.usage.Feed;
import dev.octroi.usage.OverloadedException;
import dev.octroi.usage.RecordResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What both operations have in common: who speaks, and how results are told. */
final class Answers {
    private static final int MAX_SOURCE = 40;

    private Answers() {}

    /** The feed of the partner behind the connection. */
    static Feed feed(ApiCall call) {
        Partner partner = Partner.of(call.context());
        String name = partner.name();
        return new Feed(
                name.length() > MAX_SOURCE ? name.substring(0, MAX_SOURCE) : name,
                partner::covers,
                partner.imsiPrefixes().isEmpty(),
                partner::serves);
    }

    /** A result for each record, with sums. */
    static Reply results(List<RecordResult> results) {
        Map<RecordResult.Verdict, Integer> sums = new EnumMap<>(RecordResult.Verdict.class);
        JsonArray each = new JsonArray();
        for (RecordResult result : results) {
            sums.merge(result.verdict(), 1, Integer::sum);
            JsonObject one = new JsonObject();
            if (result.key() != null) {
                one.put("id", result.key());
            }
            one.put("result", result.verdict().word());
            Fault fault = result.fault();
            if (fault != null) {
                one.put("reason", fault.word()).put("detail", result.detail());
            }
            each.add(one);
        }
        JsonObject answer = new JsonObject();
        for (RecordResult.Verdict verdict : RecordResult.Verdict.values()) {
            answer.put(verdict.word(), sums.getOrDefault(verdict, 0));
        }
        return Reply.ok(answer.put("results", each));
    }

    /** Too busy: 503, and the same records again in a second. */
    static Future<Reply> busy(Throwable failure) {
        return failure instanceof OverloadedException
                ? Future.failedFuture(Problem.of(
                                ProblemType.UNAVAILABLE, "Too many records are waiting; send these again in a second.")
                        .toException()
                        .withHeader("Retry-After", "1"))
                : Future.failedFuture(failure);
    }
}

package dev.octroi.api.operator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
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
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What both operations have in common: who speaks, and how results are told. */
final class Answers {
    /** What a result takes, roughly. */
    private static final int RESULT_BYTES = 64;

    private static final JsonFactory FACTORY = new JsonFactory();

    private Answers() {}

    /** The feed of the partner behind the connection. */
    static Feed feed(ApiCall call) {
        Partner partner = Partner.of(call.context());
        return new Feed(
                Feed.source(partner.name()),
                partner::covers,
                partner.imsiPrefixes().isEmpty(),
                partner.tenantId());
    }

    /** A result for each record, with sums. */
    static Reply results(List<RecordResult> results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(RESULT_BYTES * (results.size() + 1));
        // Written as it goes: a tree of objects for ten thousand records costs more than to count them.
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            sums(json, results);
            json.writeArrayFieldStart("results");
            for (RecordResult result : results) {
                write(json, result);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Reply.of(200, "application/json", Buffer.buffer(bytes.toByteArray()));
    }

    private static void sums(JsonGenerator json, List<RecordResult> results) throws IOException {
        Map<RecordResult.Verdict, Integer> sums = new EnumMap<>(RecordResult.Verdict.class);
        for (RecordResult result : results) {
            sums.merge(result.verdict(), 1, Integer::sum);
        }
        for (RecordResult.Verdict verdict : RecordResult.Verdict.values()) {
            json.writeNumberField(verdict.word(), sums.getOrDefault(verdict, 0));
        }
    }

    private static void write(JsonGenerator json, RecordResult result) throws IOException {
        json.writeStartObject();
        if (result.key() != null) {
            json.writeStringField("id", result.key());
        }
        json.writeStringField("result", result.verdict().word());
        Fault fault = result.fault();
        if (fault != null) {
            json.writeStringField("reason", fault.word());
            json.writeStringField("detail", result.detail());
        }
        json.writeEndObject();
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

package dev.octroi.api.operator;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.usage.UsageIntake;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Cuts a body into its records: one JSON object, or one on each line. */
final class Lines {
    private static final String NDJSON = "application/x-ndjson";

    private Lines() {}

    static List<byte[]> of(ApiCall call) {
        byte[] body = call.bodyBytes().getBytes();
        boolean many = call.header("Content-Type")
                .map(type -> type.toLowerCase(Locale.ROOT).startsWith(NDJSON))
                .orElse(false);
        List<byte[]> lines = many ? split(body) : List.of(body);
        if (lines.isEmpty()) {
            throw Problem.of(ProblemType.INVALID_REQUEST, "The body holds no record.")
                    .toException();
        }
        return lines;
    }

    private static List<byte[]> split(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= body.length; i++) {
            if (i == body.length || body[i] == '\n') {
                int end = i > start && body[i - 1] == '\r' ? i - 1 : i;
                if (end > start) {
                    lines.add(Arrays.copyOfRange(body, start, end));
                }
                start = i + 1;
            }
            if (lines.size() > UsageIntake.MAX_RECORDS) {
                throw Problem.of(ProblemType.CONTENT_TOO_LARGE, "At most 10,000 records in one request.")
                        .toException();
            }
        }
        return lines;
    }
}

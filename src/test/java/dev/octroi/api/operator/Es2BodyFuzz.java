package dev.octroi.api.operator;

import dev.octroi.fuzz.FuzzTarget;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests of ES2+, with every field that a function may ask for. */
public final class Es2BodyFuzz implements FuzzTarget {
    private static final String HEADER =
            "{\"header\":{\"functionRequesterIdentifier\":\"2.999.1\",\"functionCallIdentifier\":\"c-1\"},";

    private interface Question {
        Object ask() throws Es2Body.Refused;
    }

    @Override
    public void feed(byte[] input) {
        try {
            Es2Body body = Es2Body.read(Buffer.buffer(input));
            attempt(body::requireIccid);
            attempt(() -> String.valueOf(body.iccid()));
            attempt(() -> String.valueOf(body.eid()));
            attempt(() -> body.requireFlag("releaseFlag"));
            for (String name : List.of("profileType", "matchingId", "confirmationCode", "smdsAddress", "header")) {
                attempt(() -> String.valueOf(body.text(name)));
            }
        } catch (Es2Body.Refused declared) {
            declared.status();
        }
    }

    private static void attempt(Question question) {
        try {
            question.ask();
        } catch (Es2Body.Refused declared) {
            declared.status();
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                json("\"iccid\":\"8933012345678901238\",\"eid\":\"89049032000000000000000000000012\"}"),
                json("\"profileType\":\"travel\"}"),
                json("\"iccid\":\"893301234567890123F\",\"matchingId\":\"A-1\",\"confirmationCode\":\"1234\","
                        + "\"releaseFlag\":true}"),
                json("\"iccid\":\"8933012345678901238\",\"finalProfileStatusIndicator\":\"Available\"}"));
    }

    private static byte[] json(String rest) {
        return (HEADER + rest).getBytes(StandardCharsets.UTF_8);
    }
}

package dev.octroi.api.operator;

import dev.octroi.access.Es2Terms;
import dev.octroi.fuzz.FuzzTarget;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What another SM-DP+ tells of a profile, with what the card signed inside. */
public final class ProgressBodyFuzz implements FuzzTarget {
    @Override
    public void feed(byte[] input) {
        try {
            ProgressBody.read(Buffer.buffer(input), Es2Terms.NONE);
        } catch (Es2Body.Refused declared) {
            declared.status();
        }
    }

    @Override
    public List<byte[]> seeds() {
        String fields =
                "{\"header\":{},\"iccid\":\"8933012345678901238\",\"timestamp\":\"2026-11-01T10:00:00.5+01:00\",";
        String done = "\"notificationPointStatus\":{\"status\":\"Executed-Success\"},";
        return List.of(
                json(fields + done + "\"notificationPointId\":4,\"eid\":\"89049032000000000000000000000012\"}"),
                json(fields + done + "\"notificationPointId\":101,"
                        + "\"resultData\":\"MCe/LxmAAQmBAgZADBBzbWRwLmV4YW1wbGUuY29tXzcEAAAAADAAMAA=\"}"),
                json(
                        fields + "\"notificationPointId\":3,\"notificationPointStatus\":{\"status\":\"Failed\","
                                + "\"statusCodeData\":{\"subjectCode\":\"8.2.5\",\"reasonCode\":\"4.3\",\"message\":\"no\"}}}"));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.octroi.api.device;

import dev.octroi.fuzz.FuzzTarget;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests in the JSON binding of ES9+, with every field that a function may ask for. */
public final class JsonInputFuzz implements FuzzTarget {
    @Override
    public void feed(byte[] input) {
        try {
            InputQuestions.askAll(JsonInput.read(Buffer.buffer(input)));
        } catch (Es9InputException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                json("{\"euiccChallenge\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"euiccInfo1\":\"vyAFggMCBQA=\","
                        + "\"smdpAddress\":\"localhost:8444\"}"),
                json("{\"header\":{\"functionRequesterIdentifier\":\"1\",\"functionCallIdentifier\":\"2\"},"
                        + "\"transactionId\":\"00FF\",\"authenticateServerResponse\":\"vzgHoQWAAQACAQE=\"}"),
                json("{\"transactionId\":\"00ff\",\"prepareDownloadResponse\":\"vyEHoQWAAQACAQE=\"}"),
                json("{\"transactionId\":\"0102\",\"cancelSessionResponse\":\"v0EDgQEF\"}"),
                json("{\"pendingNotification\":\"MAA=\"}"));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.octroi.api.device;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.TransactionId;
import dev.octroi.rsp.words.StatusWords;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The JSON binding (SGP.22 §6.5). */
final class JsonBinding implements Es9Binding {
    static final String MEDIA_TYPE = "application/json";

    private static final JsonFactory FACTORY = new JsonFactory();

    @Override
    public String contentType() {
        return MEDIA_TYPE + ";charset=UTF-8";
    }

    @Override
    public Es9Input read(Buffer body, Es9Function function) throws Es9InputException {
        return JsonInput.read(body);
    }

    @Override
    public Buffer answer(Es9Function function, Es9Answer answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(capacity(answer));
        // A package is written as it is encoded: as text it would be built, looked through for quotes and copied first.
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeObjectFieldStart("header");
            out.writeObjectFieldStart("functionExecutionStatus");
            out.writeStringField("status", "Executed-Success");
            out.writeEndObject();
            out.writeEndObject();
            TransactionId transactionId = answer.transactionId();
            if (transactionId != null) {
                out.writeStringField("transactionId", transactionId.hex());
            }
            for (Es9Answer.Part part : answer.parts()) {
                out.writeBinaryField(part.name(), part.element());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    private static int capacity(Es9Answer answer) {
        int total = 256;
        for (Es9Answer.Part part : answer.parts()) {
            total += part.element().length * 4 / 3 + 32;
        }
        return total;
    }

    @Override
    public Buffer refusal(Es9Function function, GsmaStatus status) {
        JsonObject data = new JsonObject()
                .put("subjectCode", status.subjectCode())
                .put("reasonCode", status.reasonCode())
                .put("message", StatusWords.traveller(status.code(), Locale.ENGLISH));
        return new JsonObject()
                .put("header", header(new JsonObject().put("status", "Failed").put("statusCodeData", data)))
                .toBuffer();
    }

    private static JsonObject header(JsonObject status) {
        return new JsonObject().put("functionExecutionStatus", status);
    }
}

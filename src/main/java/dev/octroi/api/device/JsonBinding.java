package dev.octroi.api.device;

import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.TransactionId;
import dev.octroi.rsp.words.StatusWords;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Locale;

/** The JSON binding (SGP.22 §6.5). */
final class JsonBinding implements Es9Binding {
    static final String MEDIA_TYPE = "application/json";

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
        JsonObject json = new JsonObject().put("header", header(new JsonObject().put("status", "Executed-Success")));
        TransactionId transactionId = answer.transactionId();
        if (transactionId != null) {
            json.put("transactionId", transactionId.hex());
        }
        for (Es9Answer.Part part : answer.parts()) {
            json.put(part.name(), Base64.getEncoder().encodeToString(part.element()));
        }
        return json.toBuffer();
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

package dev.octroi.api.device;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A request in the JSON binding (SGP.22 §6.5.2). Unknown fields are passed over. */
final class JsonInput implements Es9Input {
    private final JsonObject body;

    private JsonInput(JsonObject body) {
        this.body = body;
    }

    static JsonInput read(Buffer body) throws Es9InputException {
        try {
            return new JsonInput(new JsonObject(body));
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw Es9InputException.invalid();
        }
    }

    @Override
    public TransactionId transactionId() throws Es9InputException {
        return TransactionId.parse(text("transactionId"))
                .orElseThrow(() -> new Es9InputException(GsmaStatus.TRANSACTION_UNKNOWN));
    }

    @Override
    public byte[] challenge() throws Es9InputException {
        return bytes("euiccChallenge");
    }

    @Override
    public String address() throws Es9InputException {
        return text("smdpAddress");
    }

    @Override
    public Tlv element(String name, int tag) throws Es9InputException {
        try {
            Tlv element = Tlv.parse(bytes(name));
            return tag == 0 ? element : element.expect(tag);
        } catch (MalformedTlvException e) {
            throw Es9InputException.invalid();
        }
    }

    private String text(String name) throws Es9InputException {
        @Nullable Object value = body.getValue(name);
        if (value == null) {
            throw Es9InputException.missing();
        }
        if (!(value instanceof String text)) {
            throw Es9InputException.invalid();
        }
        if (text.isEmpty()) {
            throw Es9InputException.missing();
        }
        return text;
    }

    /** Some devices break the lines. Most do not, and their packages are long. */
    private static String inOneLine(String text) {
        boolean isBroken = text.chars().anyMatch(JsonInput::isSpace);
        return isBroken
                ? text.chars()
                        .filter(character -> !isSpace(character))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static boolean isSpace(int character) {
        return character == '\n' || character == '\r' || character == '\t' || character == ' ';
    }

    private byte[] bytes(String name) throws Es9InputException {
        try {
            return Base64.getDecoder().decode(inOneLine(text(name)));
        } catch (IllegalArgumentException e) {
            throw Es9InputException.invalid();
        }
    }
}

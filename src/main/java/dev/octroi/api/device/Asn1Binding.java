package dev.octroi.api.device;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;

/** The ASN.1 binding (SGP.22 §6.6): RemoteProfileProvisioningResponse, A2. */
final class Asn1Binding implements Es9Binding {
    static final String MEDIA_TYPE = "application/x-gsma-rsp-asn1";

    private static final int OK = 0xA0;
    private static final int ERROR = 0x81;

    @Override
    public String contentType() {
        return MEDIA_TYPE;
    }

    @Override
    public Es9Input read(Buffer body, Es9Function function) throws Es9InputException {
        return Asn1Input.read(body, function);
    }

    @Override
    public Buffer answer(Es9Function function, Es9Answer answer) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        TransactionId transactionId = answer.transactionId();
        if (transactionId != null) {
            fields.writeBytes(Tlv.of(0x80, transactionId.bytes()).raw());
        }
        for (Es9Answer.Part part : answer.parts()) {
            fields.writeBytes(part.element());
        }
        return wrapped(function, element(OK, fields.toByteArray()));
    }

    @Override
    public Buffer refusal(Es9Function function, GsmaStatus status) {
        return wrapped(
                function, Tlv.integer(ERROR, function.errorNumber(status)).raw());
    }

    private static Buffer wrapped(Es9Function function, byte[] choice) {
        return Buffer.buffer(element(0xA2, element(function.tag(), choice)));
    }

    private static byte[] element(int tag, byte[] value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.length + 8);
        out.writeBytes(Tlv.header(tag, value.length));
        out.writeBytes(value);
        return out.toByteArray();
    }
}

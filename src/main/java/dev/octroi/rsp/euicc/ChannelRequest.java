package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.security.GeneralSecurityException;
import java.util.List;

/** InitialiseSecureChannelRequest (BF23): the server's one-time key, signed (SGP.22 v2.5 §5.5.1). */
final class ChannelRequest {
    private static final int INSTALL = 1;
    private static final int KEY_BYTES = 16;
    private static final byte AES = (byte) 0x88;

    private ChannelRequest() {}

    /** Checks the request and agrees on the session keys. */
    static SecureChannel open(Tlv request, CardSession.Authenticated server, CardSession.Prepared prepared, byte[] eid)
            throws CardRefusal, MalformedTlvException {
        TlvOrder.require(request.expect(0xBF23), 0x82, 0x80, 0xA6, 0x5F49, 0x5F37);
        Tlv operation = request.require(0x82);
        Tlv transaction = request.require(0x80);
        Tlv control = request.require(0xA6);
        Tlv serverKey = request.require(0x5F49);
        Tlv ownKey = Tlv.of(0x5F49, CardCrypto.point(prepared.oneTimeKeys().getPublic()));
        byte[] signed = Tlv.concat(List.of(operation, transaction, control, serverKey, ownKey));
        if (!CardCrypto.verifies(
                prepared.curve(), prepared.bindingKey(), request.require(0x5F37).value(), signed)) {
            throw new CardRefusal(ErrorReason.INVALID_SIGNATURE, "smdpSign does not verify");
        }
        if (!transaction.equals(server.transactionId())) {
            throw new CardRefusal(ErrorReason.INVALID_TRANSACTION_ID, "another transaction");
        }
        if (operation.asInt() != INSTALL) {
            throw new CardRefusal(ErrorReason.UNSUPPORTED_REMOTE_OPERATION_TYPE, "not an installation");
        }
        byte[] hostId = hostId(control);
        try {
            byte[] secret = CardCrypto.agree(
                    prepared.curve(),
                    prepared.oneTimeKeys().getPrivate(),
                    CardCrypto.publicKey(prepared.curve(), serverKey.value()));
            return SecureChannel.derive(secret, hostId, eid);
        } catch (GeneralSecurityException e) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "one-time key is not on the curve");
        }
    }

    /** The control reference template must ask for AES with 128 bits. */
    private static byte[] hostId(Tlv control) throws CardRefusal, MalformedTlvException {
        TlvOrder.require(control, 0x80, 0x81, 0x84);
        if (control.require(0x80).asLong() != AES || control.require(0x81).asInt() != KEY_BYTES) {
            throw new CardRefusal(ErrorReason.UNSUPPORTED_CRT_VALUES, "not AES with 128 bits");
        }
        int length = control.require(0x84).valueLength();
        if (length < 1 || length > 16) {
            throw new CardRefusal(ErrorReason.UNSUPPORTED_CRT_VALUES, "hostId of %d bytes".formatted(length));
        }
        return control.require(0x84).value();
    }
}

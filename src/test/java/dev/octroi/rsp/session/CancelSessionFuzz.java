package dev.octroi.rsp.session;

import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.util.List;

/** A cancellation: as it comes, and with the input signed by the card of the session. */
public final class CancelSessionFuzz implements FuzzTarget {
    private static final ObjectId OID = new ObjectId("2.999.10");

    private final SessionGround ground;

    public CancelSessionFuzz() throws Exception {
        ground = new SessionGround();
    }

    @Override
    public void feed(byte[] input) {
        try {
            Tlv element = Tlv.parse(input);
            verify(element);
            verify(Tlv.constructed(0xBF41, Tlv.constructed(0xA0, element, ground.signature(input))));
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    private void verify(Tlv response) {
        try {
            CancelSession.verify(ground.authenticated, ground.transactionId, OID, response);
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        Tlv signed = Tlv.constructed(
                0x30, Tlv.of(0x80, ground.transactionId.bytes()), Tlv.of(0x81, OID.bytes()), Tlv.integer(0x82, 127));
        Tlv whole = Tlv.constructed(0xBF41, Tlv.constructed(0xA0, signed, Tlv.of(0x5F37, new byte[64])));
        return List.of(
                signed.raw(),
                whole.raw(),
                Tlv.constructed(0xBF41, Tlv.integer(0x81, 5)).raw());
    }
}

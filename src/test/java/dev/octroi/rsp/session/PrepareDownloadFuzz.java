package dev.octroi.rsp.session;

import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.Curve;
import java.util.List;

/** What a card prepared: as it comes, and with the input signed by the card of the session. */
public final class PrepareDownloadFuzz implements FuzzTarget {
    private final SessionGround ground;

    public PrepareDownloadFuzz() throws Exception {
        ground = new SessionGround();
    }

    @Override
    public void feed(byte[] input) {
        try {
            Tlv element = Tlv.parse(input);
            verify(element);
            byte[] serverSignature = Tlv.of(0x5F37, new byte[64]).raw();
            verify(Tlv.constructed(0xBF21, Tlv.constructed(0xA0, element, ground.signature(input, serverSignature))));
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    private void verify(Tlv response) {
        try {
            PrepareDownload.verify(ground.authenticated, ground.transactionId, Curve.P256, response);
            PrepareDownload.verify(ground.initiated, ground.transactionId, Curve.P256, response);
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        Tlv key = Tlv.of(
                0x5F49, ground.authenticated.authenticated().orElseThrow().key());
        Tlv id = Tlv.of(0x80, ground.transactionId.bytes());
        Tlv signed = Tlv.constructed(0x30, id, key, Tlv.of(0x04, new byte[32]));
        Tlv error = Tlv.constructed(0xBF21, Tlv.constructed(0xA1, id, Tlv.integer(0x02, 127)));
        Tlv whole = Tlv.constructed(0xBF21, Tlv.constructed(0xA0, signed, Tlv.of(0x5F37, new byte[64])));
        return List.of(signed.raw(), Tlv.constructed(0x30, id, key).raw(), error.raw(), whole.raw());
    }
}

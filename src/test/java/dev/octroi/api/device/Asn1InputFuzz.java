package dev.octroi.api.device;

import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.Tlv;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Requests in the ASN.1 binding of ES9+, read as each of the functions. */
public final class Asn1InputFuzz implements FuzzTarget {
    @Override
    public void feed(byte[] input) {
        for (Es9Function function : Es9Function.values()) {
            try {
                InputQuestions.askAll(Asn1Input.read(Buffer.buffer(input), function));
            } catch (Es9InputException declared) {
                // The declared failure.
            }
        }
    }

    @Override
    public List<byte[]> seeds() {
        Tlv id = Tlv.of(0x80, new byte[16]);
        Tlv error = Tlv.constructed(0xA1, id, Tlv.integer(0x02, 1));
        return List.of(
                request(
                        0xBF39,
                        Tlv.of(0x81, new byte[16]),
                        Tlv.utf8(0x83, "localhost:8444"),
                        Tlv.constructed(0xBF20, Tlv.of(0x82, new byte[] {2, 5, 0}))),
                request(0xBF3B, id, Tlv.constructed(0xBF38, error)),
                request(0xBF3A, id, Tlv.constructed(0xBF21, error)),
                request(0xBF41, id, Tlv.constructed(0xBF41, Tlv.integer(0x81, 5))),
                request(0xBF3D, Tlv.constructed(0xBF37, Tlv.constructed(0xBF27))));
    }

    private static byte[] request(int tag, Tlv... parts) {
        return Tlv.constructed(0xA2, Tlv.constructed(tag, parts)).raw();
    }
}

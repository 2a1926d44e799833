package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.List;

/** What a server answers in the ASN.1 binding, as the LPA reads it. */
public final class ServerAnswerFuzz implements FuzzTarget {
    private static final List<String> FUNCTIONS = List.of(
            "initiateAuthentication",
            "authenticateClient",
            "getBoundProfilePackage",
            "cancelSession",
            "handleNotification");

    @Override
    public void feed(byte[] input) {
        for (String function : FUNCTIONS) {
            try {
                ObjectNode json = Asn1Binding.of(function).decode(input);
                json.toString();
            } catch (MalformedTlvException declared) {
                // The declared failure.
            }
        }
    }

    @Override
    public List<byte[]> seeds() {
        Tlv id = Tlv.of(0x80, new byte[16]);
        Tlv signature = Tlv.of(0x5F37, new byte[64]);
        Tlv sequence = Tlv.constructed(0x30, id);
        return List.of(
                answer(0xBF39, id, sequence, signature, Tlv.of(0x04, new byte[20]), sequence),
                answer(0xBF3B, id, Tlv.constructed(0xBF25), sequence, signature, sequence),
                answer(0xBF3A, id, Tlv.constructed(0xBF36)),
                Tlv.constructed(0xA2, Tlv.constructed(0xBF3B, Tlv.integer(0x81, 6)))
                        .raw());
    }

    private static byte[] answer(int tag, Tlv... parts) {
        return Tlv.constructed(0xA2, Tlv.constructed(tag, Tlv.constructed(0xA0, parts)))
                .raw();
    }
}

package dev.octroi.rsp.asn1;

import dev.octroi.fuzz.FuzzTarget;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The TLV reader under three sets of limits, and everything that a node can be asked. */
public final class TlvFuzz implements FuzzTarget {
    private static final List<TlvLimits> LIMITS =
            List.of(TlvLimits.MESSAGE, TlvLimits.PACKAGE, new TlvLimits(200, 3, 12));

    @Override
    public void feed(byte[] input) {
        for (TlvLimits limits : LIMITS) {
            try {
                List<Tlv> all = Tlv.parseAll(input, limits);
                if (!Arrays.equals(Tlv.concat(all), input)) {
                    throw new IllegalStateException("what was read is not what came");
                }
                all.forEach(TlvFuzz::ask);
            } catch (MalformedTlvException declared) {
                // The declared failure.
            }
        }
    }

    private static void ask(Tlv node) {
        attempt(node::asLong);
        attempt(node::asInt);
        attempt(node::asBoolean);
        attempt(node::asUtf8);
        attempt(() -> node.asBytes(1, 16));
        attempt(() -> node.require(0x30));
        attempt(() -> ObjectId.ofBytes(node.value()).dotted());
        attempt(() -> Iccid.ofEf(node.value()).digits());
        attempt(() -> Iccid.ofHeader(node.value()).digits());
        attempt(() -> Eid.ofBytes(node.value()).digits());
        if (Tlv.header(node.tag(), node.valueLength()).length > node.rawLength()) {
            throw new IllegalStateException("a shortest header is not longer than the one that came");
        }
        node.children().forEach(TlvFuzz::ask);
    }

    private interface Question {
        Object ask() throws MalformedTlvException;
    }

    private static void attempt(Question question) {
        try {
            question.ask();
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        HexFormat hex = HexFormat.of();
        return List.of(
                hex.parseHex("3003020105"),
                hex.parseHex("bf201582030205 00a9060404223344 55aa0604042233 4455".replace(" ", "")),
                hex.parseHex(
                        "5f370400010203bf810102050030818 0".replace(" ", "").concat("00".repeat(0x80))),
                Tlv.constructed(
                                0x30,
                                Tlv.of(0x06, new ObjectId("2.999.10").bytes()),
                                Tlv.of(0x5A, hex.parseHex("98331032547698103214")),
                                Tlv.utf8(0x0C, "smdp.example.com"))
                        .raw());
    }
}

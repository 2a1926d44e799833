package dev.octroi.rsp.session;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.ChainVerifier;
import java.util.HexFormat;
import java.util.List;

/** What a card answers to the server's proof: as it comes, and with the input signed by a genuine card. */
public final class AuthenticateClientFuzz implements FuzzTarget {
    private final SessionGround ground;
    private final AuthenticateClient function = new AuthenticateClient(new ChainVerifier(), FuzzPki.RANDOM);
    private final Tlv card;
    private final Tlv manufacturer;

    public AuthenticateClientFuzz() throws Exception {
        ground = new SessionGround();
        card = Tlv.parse(ground.card.certificateDer());
        manufacturer = Tlv.parse(FuzzPki.pki().material().eum().certificateDer());
    }

    @Override
    public void feed(byte[] input) {
        try {
            Tlv element = Tlv.parse(input);
            verify(element);
            verify(response(element));
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    private Tlv response(Tlv signed) {
        return Tlv.constructed(
                0xBF38, Tlv.constructed(0xA0, signed, ground.signature(signed.raw()), card, manufacturer));
    }

    private void verify(Tlv response) {
        try {
            function.verify(ground.server, ground.initiated, ground.transactionId, response, FuzzPki.NOW);
            function.verify(ground.server, ground.authenticated, ground.transactionId, response, FuzzPki.NOW);
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        HexFormat hex = HexFormat.of();
        Tlv info = Tlv.constructed(
                0xBF22,
                Tlv.of(0x81, hex.parseHex("020301")),
                Tlv.of(0x82, hex.parseHex("020500")),
                Tlv.of(0x83, hex.parseHex("010000")),
                Tlv.of(0x84, hex.parseHex("8101008204000800008304000060 00".replace(" ", ""))),
                Tlv.of(0x85, hex.parseHex("017f36")),
                Tlv.of(0x99, hex.parseHex("0640")));
        Tlv context = Tlv.constructed(
                0xA0,
                Tlv.utf8(0x80, "TOKEN"),
                Tlv.constructed(0xA1, Tlv.of(0x80, hex.parseHex("35290611")), Tlv.constructed(0xA1)));
        Tlv id = Tlv.of(0x80, ground.transactionId.bytes());
        Tlv signed = Tlv.constructed(
                0x30, id, Tlv.utf8(0x83, SessionGround.ADDRESS), Tlv.of(0x84, new byte[16]), info, context);
        Tlv error = Tlv.constructed(0xBF38, Tlv.constructed(0xA1, id, Tlv.integer(0x02, 3)));
        return List.of(signed.raw(), response(signed).raw(), error.raw());
    }
}

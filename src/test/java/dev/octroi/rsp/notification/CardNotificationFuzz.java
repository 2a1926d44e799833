package dev.octroi.rsp.notification;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.ChainVerifier;
import dev.octroi.rsp.cert.TrustedIssuer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notifications of cards, and the proof of those that bring their certificates. */
public final class CardNotificationFuzz implements FuzzTarget {
    private final TrustedIssuer issuer;

    public CardNotificationFuzz() throws MalformedTlvException {
        issuer = TrustedIssuer.of(FuzzPki.pki().material().ci().certificateDer(), null);
    }

    @Override
    public void feed(byte[] input) {
        try {
            @Nullable
            CardNotification read = CardNotification.read(Tlv.parse(input)).orElse(null);
            if (read instanceof CardNotification.InstallationResult result) {
                result.failure().ifPresent(CardNotification.InstallFailure::reason);
            }
            if (read instanceof CardNotification.StateChange change) {
                new ChainVerifier()
                        .verify(change.cardCertificate(), change.manufacturerCertificate(), issuer, FuzzPki.NOW);
            }
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() throws MalformedTlvException {
        HexFormat hex = HexFormat.of();
        Tlv metadata = Tlv.constructed(
                0xBF2F,
                Tlv.integer(0x80, 7),
                Tlv.of(0x81, hex.parseHex("0780")),
                Tlv.utf8(0x0C, "localhost:8444"),
                Tlv.of(0x5A, hex.parseHex("983310325476981032f8")));
        Tlv success =
                Tlv.constructed(0xA0, Tlv.of(0x4F, new byte[16]), Tlv.of(0x04, hex.parseHex("3007a0053003800100")));
        Tlv failure = Tlv.constructed(0xA1, Tlv.integer(0x80, 5), Tlv.integer(0x81, 13));
        Tlv state = Tlv.constructed(
                0x30,
                metadata,
                Tlv.of(0x5F37, new byte[64]),
                Tlv.parse(FuzzPki.pki().issueEuicc(FuzzPki.EID).certificateDer()),
                Tlv.parse(FuzzPki.pki().material().eum().certificateDer()));
        return List.of(result(metadata, success), result(metadata, failure), state.raw());
    }

    private static byte[] result(Tlv metadata, Tlv outcome) {
        Tlv data = Tlv.constructed(
                0xBF27,
                Tlv.of(0x80, new byte[16]),
                metadata,
                Tlv.of(0x06, HexFormat.of().parseHex("88370a")),
                Tlv.constructed(0xA2, outcome));
        return Tlv.constructed(0xBF37, data, Tlv.of(0x5F37, new byte[64])).raw();
    }
}

package dev.octroi.rsp.session;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.secret.Sha256;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first half of ES9+.GetBoundProfilePackage (SGP.22 §5.6.2): what the card prepared. */
public final class PrepareDownload {
    private static final int HASH_BYTES = 32;

    private PrepareDownload() {}

    /**
     * The card is ready.
     *
     * @param cardKey otPK.EUICC.ECKA, a point of the server's curve
     * @param confirmationHash what the card made of the confirmation code, or null
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Prepared(byte[] cardKey, byte @Nullable [] confirmationHash) {}

    /**
     * Verifies what the card answered.
     *
     * @param curve of CERT.DPpb, on which the card's one-time key must be
     * @param response the element BF21
     * @throws MalformedTlvException when it cannot be read
     */
    public static Outcome<Prepared> verify(RspSession session, TransactionId transactionId, Curve curve, Tlv response)
            throws MalformedTlvException {
        response.expect(0xBF21);
        Optional<RspSession.AuthenticatedCard> card = session.authenticated();
        if (card.isEmpty()) {
            return Outcome.failed(GsmaStatus.TRANSACTION_UNKNOWN);
        }
        Optional<Tlv> error = response.find(0xA1);
        if (error.isPresent()) {
            return Outcome.failed(
                    AuthenticateClient.namesAnother(error.get(), transactionId)
                            ? GsmaStatus.TRANSACTION_UNKNOWN
                            : AuthenticateClient.refused("prepare.", error.get()));
        }
        Tlv ok = response.require(0xA0);
        Tlv signed = ok.require(0x30);
        if (!AuthenticateClient.names(signed, transactionId)) {
            return Outcome.failed(GsmaStatus.TRANSACTION_UNKNOWN);
        }
        Tlv signature = ok.require(0x5F37);
        byte[] cardKey = signed.require(0x5F49).value();
        if (!card.get()
                        .signed(
                                signature,
                                signed.raw(),
                                card.get().smdpSignature2().raw())
                || curve.key(cardKey).isEmpty()) {
            return Outcome.failed(GsmaStatus.SIGNATURE_INVALID);
        }
        Optional<Tlv> hash = signed.find(0x04);
        return Outcome.done(new Prepared(cardKey, hash.isPresent() ? hash.get().asBytes(HASH_BYTES) : null));
    }

    /**
     * Whether a card's hash comes from the right code (SGP.22 §3.1.3.2): SHA-256(SHA-256(code) | transaction id).
     *
     * @param codeHash SHA-256 of the code
     */
    public static boolean isConfirmedBy(byte[] confirmationHash, byte[] codeHash, TransactionId transactionId) {
        return MessageDigest.isEqual(confirmationHash, Sha256.of(codeHash, transactionId.bytes()));
    }
}

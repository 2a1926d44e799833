package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.Curve;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the server remembers between the messages of one download; immutable.
 *
 * @param transactionId its name
 * @param serverChallenge 16 bytes that the card must sign
 * @param issuerKeyId the issuer whose card is expected
 * @param credentialKeyId the name of the certificates that this server uses, see {@link ServerCredential#name()}
 * @param card what is known since the card authenticated itself, null before
 */
@SuppressWarnings("ArrayRecordComponent")
public record RspSession(
        TransactionId transactionId,
        byte[] serverChallenge,
        ByteBuffer issuerKeyId,
        ByteBuffer credentialKeyId,
        @Nullable AuthenticatedCard card) {

    /**
     * The card and what it was offered.
     *
     * @param eid its number
     * @param curve of its key
     * @param key PK.EUICC as an uncompressed point
     * @param smdpSignature2 the element 5F37 that the card signs next
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record AuthenticatedCard(Eid eid, Curve curve, byte[] key, Tlv smdpSignature2) {
        public AuthenticatedCard {
            requireNonNull(eid, "eid is null");
            requireNonNull(curve, "curve is null");
            requireNonNull(key, "key is null");
            requireNonNull(smdpSignature2, "smdpSignature2 is null");
        }

        /** Whether the card made the signature. */
        public boolean signed(Tlv signature, byte[]... parts) throws MalformedTlvException {
            byte[] plain = signature.expect(0x5F37).value();
            return curve.key(key).map(k -> curve.verify(k, plain, parts)).orElse(false);
        }
    }

    public RspSession {
        requireNonNull(transactionId, "transactionId is null");
        requireNonNull(serverChallenge, "serverChallenge is null");
        requireNonNull(issuerKeyId, "issuerKeyId is null");
        requireNonNull(credentialKeyId, "credentialKeyId is null");
    }

    /** The same session, with the card authenticated. */
    public RspSession with(AuthenticatedCard authenticated) {
        return new RspSession(transactionId, serverChallenge, issuerKeyId, credentialKeyId, authenticated);
    }

    /** The card, when it has authenticated itself. */
    public Optional<AuthenticatedCard> authenticated() {
        return Optional.ofNullable(card);
    }

    /** A compact form for storage; holds the EID, so it is to be sealed. */
    public byte[] encode() {
        List<Tlv> fields = new ArrayList<>(List.of(
                Tlv.of(0x80, transactionId.bytes()),
                Tlv.of(0x81, serverChallenge),
                Tlv.of(0x82, bytes(issuerKeyId)),
                Tlv.of(0x83, bytes(credentialKeyId))));
        if (card != null) {
            fields.add(Tlv.constructed(
                    0xA4,
                    Tlv.of(0x5A, card.eid.bytes()),
                    Tlv.utf8(0x80, card.curve.name()),
                    Tlv.of(0x81, card.key),
                    card.smdpSignature2));
        }
        return Tlv.constructed(0x30, fields).raw();
    }

    /** Reads the form of {@link #encode()}. */
    public static RspSession decode(byte[] encoded) throws MalformedTlvException {
        Tlv all = Tlv.parse(encoded);
        Optional<Tlv> stored = all.find(0xA4);
        @Nullable AuthenticatedCard card = null;
        if (stored.isPresent()) {
            Tlv fields = stored.get();
            card = new AuthenticatedCard(
                    Eid.ofBytes(fields.require(0x5A).value()),
                    curve(fields.require(0x80).asUtf8()),
                    fields.require(0x81).value(),
                    fields.require(0x5F37));
        }
        return new RspSession(
                TransactionId.of(all.require(0x80).asBytes(1, 16)),
                all.require(0x81).value(),
                ByteBuffer.wrap(all.require(0x82).value()),
                ByteBuffer.wrap(all.require(0x83).value()),
                card);
    }

    private static Curve curve(String name) throws MalformedTlvException {
        for (Curve curve : Curve.values()) {
            if (curve.name().equals(name)) {
                return curve;
            }
        }
        throw new MalformedTlvException("unknown curve");
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** The stage only. */
    @Override
    public String toString() {
        return card == null ? "RspSession[initiated]" : "RspSession[authenticated]";
    }
}

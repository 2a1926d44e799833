package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.ChainResult;
import dev.octroi.rsp.cert.ChainVerifier;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.TrustedIssuer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ES9+.AuthenticateClient (SGP.22 §5.6.3): proves the card, then offers it a profile. */
public final class AuthenticateClient {
    private static final int MAX_MATCHING_ID = 255;

    private final ChainVerifier chains;
    private final SecureRandom random;

    /** A step that verifies with the given verifier and signs with randomness of the source. */
    public AuthenticateClient(ChainVerifier chains, SecureRandom random) {
        this.chains = requireNonNull(chains, "chains is null");
        this.random = requireNonNull(random, "random is null");
    }

    /**
     * A card that proved itself.
     *
     * @param eid its number
     * @param curve of its key
     * @param key PK.EUICC
     * @param matchingId from the activation code, or null for the profile that waits for this card
     * @param facts what card and device say of themselves
     * @param signature the element 5F37 with euiccSignature1
     */
    public record Client(
            Eid eid, Curve curve, ECPublicKey key, @Nullable String matchingId, DeviceFacts facts, Tlv signature) {}

    /**
     * Verifies what the card answered.
     *
     * @param response the element BF38
     * @throws MalformedTlvException when it cannot be read
     */
    public Outcome<Client> verify(
            ServerIdentity server, RspSession session, TransactionId transactionId, Tlv response, Instant now)
            throws MalformedTlvException {
        response.expect(0xBF38);
        if (session.authenticated().isPresent()) {
            return Outcome.failed(GsmaStatus.TRANSACTION_UNKNOWN);
        }
        Optional<Tlv> error = response.find(0xA1);
        if (error.isPresent()) {
            return Outcome.failed(
                    namesAnother(error.get(), transactionId)
                            ? GsmaStatus.TRANSACTION_UNKNOWN
                            : refused("authenticate.", error.get()));
        }
        List<Tlv> parts = response.require(0xA0).children();
        if (parts.size() < 4) {
            return Outcome.failed(GsmaStatus.MISSING_INPUT);
        }
        Tlv signed = parts.get(0).expect(0x30);
        Tlv signature = parts.get(1).expect(0x5F37);
        if (!names(signed, transactionId)) {
            return Outcome.failed(GsmaStatus.TRANSACTION_UNKNOWN);
        }
        Optional<TrustedIssuer> issuer = server.issuer(session.issuerKeyId());
        if (issuer.isEmpty()) {
            return Outcome.failed(GsmaStatus.ISSUER_UNKNOWN);
        }
        // Newer devices send the rest of the chain as [1] otherCertsInChain; what else they add is left alone.
        List<Tlv> others = response.require(0xA0).find(0xA1).map(Tlv::children).orElse(List.of());
        ChainResult chain = chains.verify(parts.get(2), parts.get(3), others, issuer.get(), now);
        if (chain instanceof ChainResult.Refused refused) {
            return Outcome.failed(status(refused.cause()));
        }
        ChainResult.Verified card = (ChainResult.Verified) chain;
        if (!card.curve().verify(card.key(), signature.value(), signed.raw())
                || !MessageDigest.isEqual(signed.require(0x84).value(), session.serverChallenge())
                || !signed.require(0x83).asUtf8().equalsIgnoreCase(server.address())) {
            return Outcome.failed(GsmaStatus.SIGNATURE_INVALID);
        }
        Tlv context = signed.require(0xA0);
        DeviceFacts facts = DeviceFacts.read(signed.require(0xBF22), context);
        return Outcome.done(new Client(card.eid(), card.curve(), card.key(), matchingId(context), facts, signature));
    }

    /**
     * What the card is offered.
     *
     * @param session with the card in it, to be kept
     * @param smdpSigned2 the element 30
     * @param smdpSignature2 the element 5F37
     * @param smdpCertificate CERT.DPpb
     */
    public record Offer(RspSession session, Tlv smdpSigned2, Tlv smdpSignature2, Tlv smdpCertificate) {}

    /**
     * Signs the offer of a profile.
     *
     * @param confirmationRequired whether the card must send the hash of a confirmation code
     * @param boundKey the card's one-time key for which a package exists, or null
     */
    public Offer offer(
            ServerCredential credential,
            RspSession session,
            Client client,
            boolean confirmationRequired,
            byte @Nullable [] boundKey) {
        List<Tlv> fields = new ArrayList<>();
        fields.add(Tlv.of(0x80, session.transactionId().bytes()));
        fields.add(Tlv.bool(0x01, confirmationRequired));
        // A card may use the key that it is offered without a look at its curve, which is that of an earlier
        // certificate of ours.
        if (boundKey != null && credential.bindingCurve().key(boundKey).isPresent()) {
            fields.add(Tlv.of(0x5F49, boundKey));
        }
        Tlv signed = Tlv.constructed(0x30, fields);
        Tlv signature = Tlv.of(
                0x5F37,
                credential
                        .bindingCurve()
                        .sign(
                                credential.bindingKey(),
                                random,
                                signed.raw(),
                                client.signature().raw()));
        byte[] key = client.curve().point(client.key());
        RspSession next = session.with(new RspSession.AuthenticatedCard(client.eid(), client.curve(), key, signature));
        return new Offer(next, signed, signature, credential.binding().element());
    }

    /** The card refused what the server sent; its error code is told beside the status. */
    static GsmaStatus refused(String step, Tlv error) throws MalformedTlvException {
        Optional<Tlv> code = error.find(0x02);
        return code.isPresent() && code.get().valueLength() == 1
                ? GsmaStatus.SIGNATURE_INVALID.because(step + code.get().asInt())
                : GsmaStatus.SIGNATURE_INVALID;
    }

    /** Whether a card's error is about another session: nobody signed it, so only its name ties it to one. */
    static boolean namesAnother(Tlv error, TransactionId transactionId) {
        return error.find(0x80)
                .map(found -> !ByteBuffer.wrap(found.value()).equals(ByteBuffer.wrap(transactionId.bytes())))
                .orElse(false);
    }

    static boolean names(Tlv signed, TransactionId transactionId) throws MalformedTlvException {
        return ByteBuffer.wrap(signed.require(0x80).value()).equals(ByteBuffer.wrap(transactionId.bytes()));
    }

    private static @Nullable String matchingId(Tlv context) throws MalformedTlvException {
        Optional<Tlv> element = context.find(0x80);
        if (element.isEmpty() || element.get().valueLength() == 0) {
            return null;
        }
        if (element.get().valueLength() > MAX_MATCHING_ID) {
            throw new MalformedTlvException("matching id too long");
        }
        return element.get().asUtf8();
    }

    private static GsmaStatus status(ChainResult.Cause cause) {
        return switch (cause) {
            case ISSUER_UNKNOWN -> GsmaStatus.ISSUER_UNKNOWN;
            case MANUFACTURER_INVALID -> GsmaStatus.MANUFACTURER_INVALID;
            case MANUFACTURER_EXPIRED -> GsmaStatus.MANUFACTURER_EXPIRED;
            case CARD_INVALID -> GsmaStatus.CARD_INVALID;
            case CARD_EXPIRED -> GsmaStatus.CARD_EXPIRED;
        };
    }
}

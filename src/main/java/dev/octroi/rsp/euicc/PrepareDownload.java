package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ES10b.PrepareDownload: the card checks the binding certificate and makes a one-time key (SGP.22 v2.5 §5.7.5). */
final class PrepareDownload extends Es10bFunction {
    private static final int INVALID_TRANSACTION_ID = 5;
    private static final int DP_PB = 5;
    private static final int HASH_BYTES = 32;

    PrepareDownload(VirtualEuicc card) {
        super(card, 0xBF21);
    }

    @Override
    List<Tlv> perform(Tlv request, Tlv signed, @Nullable CardSession session)
            throws CardRefusal, MalformedTlvException {
        if (session == null || session.authenticated == null) {
            throw new CardRefusal(NO_SESSION_CONTEXT, "the server has not proved itself");
        }
        session.prepared = null;
        session.reader = null;
        CardSession.Authenticated server = session.authenticated;
        CardCertificate certificate = CardCertificate.read(certificate(request));
        certificate.requireIssuedBy(server.identity().trust(), DP_PB, card().now());
        if (!certificate.requireEntityOid().equals(server.serverOid())) {
            throw new CardRefusal(INVALID_CERTIFICATE, "binding certificate of another SM-DP+");
        }
        Tlv serverSignature = request.require(0x5F37);
        if (!CardCrypto.verifies(
                certificate.curve(),
                certificate.publicKey(),
                serverSignature.value(),
                signed.raw(),
                server.signature().raw())) {
            throw new CardRefusal(INVALID_SIGNATURE, "smdpSignature2 does not verify");
        }
        if (!signed.require(0x80).equals(server.transactionId())) {
            throw new CardRefusal(INVALID_TRANSACTION_ID, "another transaction");
        }
        TlvOrder.require(signed, 0x80, 0x01, 0x5F49);
        Optional<Tlv> hashCc = confirmation(request, signed);
        KeyPair keys = card().oneTimeKeys(certificate.curve(), signed.find(0x5F49));
        List<Tlv> parts = new ArrayList<>();
        parts.add(server.transactionId());
        parts.add(Tlv.of(0x5F49, CardCrypto.point(keys.getPublic())));
        hashCc.ifPresent(parts::add);
        Tlv euiccSigned = Tlv.constructed(0x30, parts);
        Tlv signature = Tlv.of(0x5F37, card().sign(server.identity(), euiccSigned.raw(), serverSignature.raw()));
        session.prepared = new CardSession.Prepared(certificate.curve(), certificate.publicKey(), keys);
        return List.of(euiccSigned, signature);
    }

    /** The hash of the confirmation code, which must be there when the server wants one. */
    private static Optional<Tlv> confirmation(Tlv request, Tlv signed) throws CardRefusal, MalformedTlvException {
        if (!signed.require(0x01).asBoolean()) {
            return Optional.empty();
        }
        Optional<Tlv> hash = request.find(0x04);
        if (hash.isEmpty()) {
            throw new CardRefusal(UNDEFINED, "confirmation code is missing");
        }
        hash.get().asBytes(HASH_BYTES);
        return hash;
    }
}

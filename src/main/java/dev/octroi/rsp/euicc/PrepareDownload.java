package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ES10b.PrepareDownload: the card checks the binding certificate and makes a one-time key (SGP.22 v2.5 §5.7.5). */
final class PrepareDownload {
    private static final int INVALID_CERTIFICATE = 1;
    private static final int INVALID_SIGNATURE = 2;
    private static final int NO_SESSION_CONTEXT = 4;
    private static final int INVALID_TRANSACTION_ID = 5;
    private static final int UNDEFINED = 127;
    private static final int DP_PB = 5;

    private final VirtualEuicc card;

    PrepareDownload(VirtualEuicc card) {
        this.card = card;
    }

    /** Answers BF21 with BF21. */
    Tlv answer(Tlv request, @Nullable CardSession session) {
        Tlv transactionId = Tlv.of(0x80, new byte[1]);
        try {
            Tlv signed = request.expect(0xBF21).require(0x30);
            transactionId = signed.require(0x80);
            return Tlv.constructed(0xBF21, prepare(request, signed, session));
        } catch (CardRefusal refusal) {
            card.setLastRefusal(refusal);
            return refused(transactionId, refusal.code());
        } catch (MalformedTlvException malformed) {
            return refused(transactionId, UNDEFINED);
        }
    }

    private static Tlv refused(Tlv transactionId, int code) {
        return Tlv.constructed(0xBF21, Tlv.constructed(0xA1, transactionId, Tlv.integer(0x02, code)));
    }

    private Tlv prepare(Tlv request, Tlv signed, @Nullable CardSession session)
            throws CardRefusal, MalformedTlvException {
        if (session == null || session.authenticated == null) {
            throw new CardRefusal(NO_SESSION_CONTEXT, "the server has not proved itself");
        }
        CardSession.Authenticated server = session.authenticated;
        CardCertificate certificate = CardCertificate.read(AuthenticateServer.secondSequence(request));
        certificate.requireIssuedBy(server.identity().trust(), DP_PB, card.now());
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
        Optional<Tlv> hashCc = request.find(0x04);
        boolean codeRequired = signed.require(0x01).asBoolean();
        if (codeRequired && hashCc.isEmpty()) {
            throw new CardRefusal(UNDEFINED, "confirmation code is missing");
        }
        KeyPair keys = card.oneTimeKeys(certificate.curve(), signed.find(0x5F49));
        List<Tlv> parts = new ArrayList<>();
        parts.add(server.transactionId());
        parts.add(Tlv.of(0x5F49, CardCrypto.point(keys.getPublic())));
        if (codeRequired) {
            hashCc.ifPresent(parts::add);
        }
        Tlv euiccSigned = Tlv.constructed(0x30, parts);
        Tlv signature = Tlv.of(0x5F37, card.sign(server.identity(), euiccSigned.raw(), serverSignature.raw()));
        session.prepared = new CardSession.Prepared(certificate.curve(), certificate.publicKey(), keys);
        return Tlv.constructed(0xA0, euiccSigned, signature);
    }
}

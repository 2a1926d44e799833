package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ES10b.AuthenticateServer: the card checks the SM-DP+ and proves itself (SGP.22 v2.5 §5.7.13). */
final class AuthenticateServer {
    private static final int INVALID_SIGNATURE = 2;
    private static final int NO_SESSION_CONTEXT = 4;
    private static final int CHALLENGE_MISMATCH = 6;
    private static final int CI_UNKNOWN = 7;
    private static final int UNDEFINED = 127;
    private static final int DP_AUTH = 4;

    private final VirtualEuicc card;

    AuthenticateServer(VirtualEuicc card) {
        this.card = card;
    }

    /** Answers BF38 with BF38. */
    Tlv answer(Tlv request, @Nullable CardSession session) {
        Tlv transactionId = Tlv.of(0x80, new byte[1]);
        try {
            Tlv signed = request.expect(0xBF38).require(0x30);
            transactionId = signed.require(0x80);
            return Tlv.constructed(0xBF38, authenticate(request, signed, session));
        } catch (CardRefusal refusal) {
            card.setLastRefusal(refusal);
            return refused(transactionId, refusal.code());
        } catch (MalformedTlvException malformed) {
            return refused(transactionId, UNDEFINED);
        }
    }

    private static Tlv refused(Tlv transactionId, int code) {
        return Tlv.constructed(0xBF38, Tlv.constructed(0xA1, transactionId, Tlv.integer(0x02, code)));
    }

    private Tlv authenticate(Tlv request, Tlv signed, @Nullable CardSession session)
            throws CardRefusal, MalformedTlvException {
        if (session == null) {
            throw new CardRefusal(NO_SESSION_CONTEXT, "no challenge was asked for");
        }
        session.authenticated = null;
        byte[] signature = request.require(0x5F37).asBytes(1, 256);
        CardIdentity identity = identity(request.require(0x04).asBytes(20));
        CardCertificate certificate = CardCertificate.read(secondSequence(request));
        certificate.requireIssuedBy(identity.trust(), DP_AUTH, card.now());
        String serverOid = certificate.requireEntityOid();
        if (!CardCrypto.verifies(certificate.curve(), certificate.publicKey(), signature, signed.raw())) {
            throw new CardRefusal(INVALID_SIGNATURE, "serverSignature1 does not verify");
        }
        if (!MessageDigest.isEqual(session.challenge, signed.require(0x81).asBytes(16))) {
            throw new CardRefusal(CHALLENGE_MISMATCH, "another challenge was signed");
        }
        Tlv transactionId = signed.require(0x80);
        transactionId.asBytes(1, 16);
        Tlv address = signed.require(0x83);
        Tlv serverChallenge = signed.require(0x84);
        serverChallenge.asBytes(16);

        Tlv euiccSigned =
                Tlv.constructed(0x30, transactionId, address, serverChallenge, card.info2(), request.require(0xA0));
        Tlv euiccSignature = Tlv.of(0x5F37, card.sign(identity, euiccSigned.raw()));
        session.authenticated = new CardSession.Authenticated(
                identity, transactionId, address.asUtf8(), new ObjectId(serverOid).dotted(), euiccSignature);
        session.prepared = null;
        return Tlv.constructed(
                0xA0, euiccSigned, euiccSignature, identity.euiccCertificate(), identity.eumCertificate());
    }

    private CardIdentity identity(byte[] keyId) throws CardRefusal {
        String wanted = HexFormat.of().formatHex(keyId);
        return card.identities().stream()
                .filter(identity -> identity.trust().subjectKeyId().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new CardRefusal(CI_UNKNOWN, "no key of this CI"));
    }

    /** serverSigned1 and serverCertificate have the same tag and stand first and fourth. */
    static Tlv secondSequence(Tlv request) throws MalformedTlvException {
        List<Tlv> sequences =
                request.children().stream().filter(child -> child.tag() == 0x30).toList();
        if (sequences.size() != 2) {
            throw new MalformedTlvException("expected signed data and a certificate");
        }
        return sequences.getLast();
    }
}

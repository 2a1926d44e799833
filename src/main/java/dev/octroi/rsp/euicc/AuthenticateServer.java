package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ES10b.AuthenticateServer: the card checks the SM-DP+ and proves itself (SGP.22 v2.5 §5.7.13). */
final class AuthenticateServer extends Es10bFunction {
    private static final int INVALID_OID = 5;
    private static final int CHALLENGE_MISMATCH = 6;
    private static final int CI_UNKNOWN = 7;
    private static final int DP_AUTH = 4;

    AuthenticateServer(VirtualEuicc card) {
        super(card, 0xBF38);
    }

    @Override
    List<Tlv> perform(Tlv request, Tlv signed, @Nullable CardSession session)
            throws CardRefusal, MalformedTlvException {
        if (session == null) {
            throw new CardRefusal(NO_SESSION_CONTEXT, "no challenge was asked for");
        }
        session.authenticated = null;
        session.prepared = null;
        byte[] signature = request.require(0x5F37).asBytes(1, 256);
        CardIdentity identity = identity(request.require(0x04).asBytes(20));
        CardCertificate certificate = CardCertificate.read(certificate(request));
        certificate.requireIssuedBy(identity.trust(), DP_AUTH, card().now());
        String serverOid = certificate
                .entityOid()
                .orElseThrow(() -> new CardRefusal(INVALID_OID, "certificate without the OID of its owner"));
        if (!CardCrypto.verifies(certificate.curve(), certificate.publicKey(), signature, signed.raw())) {
            throw new CardRefusal(INVALID_SIGNATURE, "serverSignature1 does not verify");
        }
        TlvOrder.require(signed, 0x80, 0x81, 0x83, 0x84);
        if (!MessageDigest.isEqual(session.challenge, signed.require(0x81).asBytes(16))) {
            throw new CardRefusal(CHALLENGE_MISMATCH, "another challenge was signed");
        }
        Tlv transactionId = signed.require(0x80);
        Tlv address = signed.require(0x83);
        Tlv serverChallenge = signed.require(0x84);
        serverChallenge.asBytes(16);
        Tlv context = context(request);

        Tlv euiccSigned = Tlv.constructed(0x30, transactionId, address, serverChallenge, card().info2(), context);
        Tlv euiccSignature = Tlv.of(0x5F37, card().sign(identity, euiccSigned.raw()));
        session.authenticated = new CardSession.Authenticated(
                identity, transactionId, address.asUtf8(), new ObjectId(serverOid).dotted(), euiccSignature);
        return List.of(euiccSigned, euiccSignature, identity.euiccCertificate(), identity.eumCertificate());
    }

    /** CtxParams1 from the LPA: a token, and who the device is. */
    private static Tlv context(Tlv request) throws MalformedTlvException {
        Tlv context = request.require(0xA0);
        TlvOrder.require(context, 0x80, 0xA1);
        Tlv device = context.require(0xA1);
        device.require(0x80).asBytes(4);
        device.require(0xA1);
        return context;
    }

    private CardIdentity identity(byte[] keyId) throws CardRefusal {
        String wanted = HexFormat.of().formatHex(keyId);
        return card().identities().stream()
                .filter(identity -> identity.trust().subjectKeyId().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new CardRefusal(CI_UNKNOWN, "no key of this CI"));
    }
}

package dev.octroi.rsp.session;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.TrustedIssuer;
import java.security.cert.CRLException;
import java.security.interfaces.ECPublicKey;
import java.util.List;

/** A server, a card and a session between them, for the readers of messages. */
final class SessionGround {
    static final String ADDRESS = "localhost:8444";

    final TransactionId transactionId = TransactionId.of(new byte[16]);
    final GsmaCredential card = FuzzPki.pki().issueEuicc(FuzzPki.EID);
    final ServerIdentity server;
    final RspSession initiated;
    final RspSession authenticated;

    SessionGround() throws MalformedTlvException, CRLException {
        GsmaMaterial material = FuzzPki.pki().material();
        ServerCredential credential = ServerCredential.of(
                material.dpAuth().certificateDer(),
                material.dpAuth().privateKey(),
                material.dpPb().certificateDer(),
                material.dpPb().privateKey());
        TrustedIssuer issuer =
                TrustedIssuer.of(material.ci().certificateDer(), material.crl().getEncoded());
        server = new ServerIdentity(ADDRESS, List.of(credential), List.of(issuer));
        initiated = new RspSession(transactionId, new byte[16], issuer.keyId(), credential.issuerKeyId(), null);
        byte[] key = Curve.P256.point((ECPublicKey) card.certificate().getPublicKey());
        authenticated = initiated.with(
                new RspSession.AuthenticatedCard(new Eid(FuzzPki.EID), Curve.P256, key, Tlv.of(0x5F37, new byte[64])));
    }

    /** The card's signature over the parts. */
    Tlv signature(byte[]... parts) {
        return Tlv.of(0x5F37, Curve.P256.sign(card.privateKey(), FuzzPki.RANDOM, parts));
    }
}

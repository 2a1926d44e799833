package dev.octroi.app;

import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.ServerIdentity;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Supplier;

/** The built-in SM-DP+ as cards see it, from the GSMA certificates of this installation. */
final class GsmaIdentity {
    private GsmaIdentity() {}

    static Supplier<ServerIdentity> of(GsmaMaterial material, String smdpAddress) throws GeneralSecurityException {
        try {
            ServerCredential credential = ServerCredential.of(
                    material.dpAuth().certificateDer(),
                    material.dpAuth().privateKey(),
                    material.dpPb().certificateDer(),
                    material.dpPb().privateKey());
            TrustedIssuer issuer = TrustedIssuer.of(
                    material.ci().certificateDer(), material.crl().getEncoded());
            ServerIdentity identity = new ServerIdentity(smdpAddress, List.of(credential), List.of(issuer));
            return () -> identity;
        } catch (MalformedTlvException e) {
            throw new GeneralSecurityException("the GSMA certificates cannot be used: " + e.getMessage(), e);
        }
    }
}

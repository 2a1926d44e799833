package dev.octroi.rsp.cert;

import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes revocation lists as good or as bad as a test wants them. */
public final class RevocationListMaker {
    private final X509v2CRLBuilder builder;
    private final KeyPair keys;
    private final ExtensionsGenerator extensions = new ExtensionsGenerator();

    private RevocationListMaker(MadeCertificate issuer, Instant thisUpdate, Instant nextUpdate) throws Exception {
        this.keys = issuer.keys();
        this.builder = new X509v2CRLBuilder(issuer.subject(), Date.from(thisUpdate));
        builder.setNextUpdate(Date.from(nextUpdate));
        extensions.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic()));
    }

    /** A list made at a moment and good for a week. */
    public static RevocationListMaker of(MadeCertificate issuer, Instant thisUpdate) throws Exception {
        return new RevocationListMaker(issuer, thisUpdate, thisUpdate.plus(Duration.ofDays(7)));
    }

    public RevocationListMaker revoke(MadeCertificate certificate) throws Exception {
        return revoke(RspCertificate.parse(certificate.der()).serialNumber());
    }

    RevocationListMaker revoke(BigInteger serial) {
        builder.addCRLEntry(serial, new Date(), CRLReason.keyCompromise);
        return this;
    }

    /** An entry about another issuer's certificate, as indirect lists have them. */
    RevocationListMaker revokeOfAnotherIssuer(BigInteger serial) throws Exception {
        ExtensionsGenerator entry = new ExtensionsGenerator();
        GeneralNames issuer = new GeneralNames(new GeneralName(new org.bouncycastle.asn1.x500.X500Name("CN=Other")));
        entry.addExtension(Extension.certificateIssuer, true, issuer);
        builder.addCRLEntry(serial, new Date(), entry.generate());
        return this;
    }

    RevocationListMaker entryWith(BigInteger serial, String oid, boolean critical) throws Exception {
        ExtensionsGenerator entry = new ExtensionsGenerator();
        entry.addExtension(new ASN1ObjectIdentifier(oid), critical, new ASN1Integer(1));
        builder.addCRLEntry(serial, new Date(), entry.generate());
        return this;
    }

    RevocationListMaker delta() throws Exception {
        return extension(Extension.deltaCRLIndicator, true, new CRLNumber(BigInteger.ONE));
    }

    RevocationListMaker part(int number, int of) throws Exception {
        extension(new ASN1ObjectIdentifier("2.23.146.1.2.0.2"), true, new ASN1Integer(of));
        return extension(new ASN1ObjectIdentifier("2.23.146.1.2.0.3"), true, new ASN1Integer(number));
    }

    RevocationListMaker onlyUsers() throws Exception {
        return extension(
                Extension.issuingDistributionPoint,
                true,
                new IssuingDistributionPoint(null, true, false, (ReasonFlags) null, false, false));
    }

    RevocationListMaker extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) throws Exception {
        extensions.addExtension(id, critical, value);
        return this;
    }

    public byte[] der() throws Exception {
        for (ASN1ObjectIdentifier id : extensions.generate().getExtensionOIDs()) {
            builder.addExtension(extensions.generate().getExtension(id));
        }
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .setProvider(CertificateMaker.PROVIDER)
                        .build(keys.getPrivate()))
                .getEncoded();
    }
}

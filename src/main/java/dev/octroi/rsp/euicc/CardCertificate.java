package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.Tlv;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * A certificate of an SM-DP+ as the card looks at it: read whole at once, then checked.
 *
 * @param authorityKeyId identifier of the issuer's key, lower-case hexadecimal
 * @param policies object identifiers of its certificate policies
 * @param entityOid the registered identifier among the alternative names
 * @param mayOnlySign whether it is the certificate of an end entity whose key may sign
 */
record CardCertificate(
        X509CertificateHolder holder,
        CardCurve curve,
        PublicKey publicKey,
        String authorityKeyId,
        Set<String> policies,
        Optional<String> entityOid,
        boolean mayOnlySign) {
    private static final int INVALID = 1;
    private static final int UNSUPPORTED_CURVE = 3;
    private static final String POLICY_ROOT = "2.23.146.1.2.1.";
    private static final Set<ASN1ObjectIdentifier> UNDERSTOOD = Set.of(
            Extension.keyUsage,
            Extension.certificatePolicies,
            Extension.basicConstraints,
            Extension.subjectAlternativeName,
            Extension.extendedKeyUsage);

    /**
     * Reads a certificate; refusals are 1 for a bad certificate and 3 for a curve that the card does not know, as in
     * AuthenticateErrorCode and DownloadErrorCode.
     */
    static CardCertificate read(Tlv element) throws CardRefusal {
        return read(element.raw());
    }

    static CardCertificate read(byte[] der) throws CardRefusal {
        try {
            X509CertificateHolder holder = new X509CertificateHolder(der);
            Extensions extensions = holder.getExtensions();
            if (extensions == null) {
                throw new CardRefusal(INVALID, "certificate without extensions");
            }
            CardCurve curve = CardCurve.of(holder.getSubjectPublicKeyInfo(), UNSUPPORTED_CURVE);
            byte[] point = holder.getSubjectPublicKeyInfo().getPublicKeyData().getOctets();
            KeyUsage usage = KeyUsage.fromExtensions(extensions);
            BasicConstraints constraints = BasicConstraints.fromExtensions(extensions);
            return new CardCertificate(
                    holder,
                    curve,
                    CardCrypto.publicKey(curve, point),
                    authorityKeyId(extensions),
                    policies(extensions),
                    registeredId(extensions),
                    usage != null
                            && usage.hasUsages(KeyUsage.digitalSignature)
                            && (constraints == null || !constraints.isCA()));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // BouncyCastle tells of malformed content by several unchecked exceptions.
            throw new CardRefusal(INVALID, "not a certificate");
        }
    }

    /** The OID of the SM-DP+ that owns the certificate. */
    String requireEntityOid() throws CardRefusal {
        return entityOid.orElseThrow(() -> new CardRefusal(INVALID, "certificate without the OID of its owner"));
    }

    /**
     * Checks that the CI issued this certificate for the role.
     *
     * @param rolePolicy last arc of the certificate policy: 4 for DPauth, 5 for DPpb
     */
    void requireIssuedBy(CardTrust ci, int rolePolicy, Instant now) throws CardRefusal {
        require(authorityKeyId.equals(ci.subjectKeyId()), "issued by another CI");
        require(isSignedBy(ci), "not signed by the CI");
        require(policies.contains(POLICY_ROOT + rolePolicy), "policy of another role");
        require(!now.isBefore(holder.getNotBefore().toInstant()), "not yet valid");
        require(!now.isAfter(holder.getNotAfter().toInstant()), "expired");
        require(mayOnlySign, "key may not sign");
        for (Object critical : holder.getCriticalExtensionOIDs()) {
            require(critical instanceof ASN1ObjectIdentifier id && UNDERSTOOD.contains(id), "unknown extension");
        }
    }

    private boolean isSignedBy(CardTrust ci) {
        try {
            if (!X9ObjectIdentifiers.ecdsa_with_SHA256.equals(
                    holder.getSignatureAlgorithm().getAlgorithm())) {
                return false;
            }
            Signature signature = CardCrypto.derSignature(ci.curve());
            signature.initVerify(ci.publicKey());
            signature.update(holder.toASN1Structure().getTBSCertificate().getEncoded());
            return signature.verify(holder.getSignature());
        } catch (GeneralSecurityException | IOException | IllegalStateException e) {
            return false;
        }
    }

    private static String authorityKeyId(Extensions extensions) {
        AuthorityKeyIdentifier id = AuthorityKeyIdentifier.fromExtensions(extensions);
        byte[] octets = id == null ? null : id.getKeyIdentifierOctets();
        return octets == null ? "" : HexFormat.of().formatHex(octets);
    }

    private static Set<String> policies(Extensions extensions) {
        CertificatePolicies policies = CertificatePolicies.fromExtensions(extensions);
        return policies == null
                ? Set.of()
                : Arrays.stream(policies.getPolicyInformation())
                        .map(policy -> policy.getPolicyIdentifier().getId())
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<String> registeredId(Extensions extensions) {
        GeneralNames names = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        return names == null
                ? Optional.empty()
                : Arrays.stream(names.getNames())
                        .filter(name -> name.getTagNo() == GeneralName.registeredID)
                        .map(name ->
                                ASN1ObjectIdentifier.getInstance(name.getName()).getId())
                        .findFirst();
    }

    private static void require(boolean condition, String complaint) throws CardRefusal {
        if (!condition) {
            throw new CardRefusal(INVALID, complaint);
        }
    }
}

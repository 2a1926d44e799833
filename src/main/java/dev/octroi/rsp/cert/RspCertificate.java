package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An X.509 certificate as remote SIM provisioning uses it. Issuers are matched by key identifier and never by name
 * (CI certificates were issued again with the same key and another name), serial numbers have any length and years go
 * up to 9999.
 */
public final class RspCertificate {
    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";

    private final Tlv whole;
    private final Tlv signedPart;
    private final byte[] signature;
    private final CertificateFields fields;

    private RspCertificate(Tlv whole, Tlv signedPart, byte[] signature, CertificateFields fields) {
        this.whole = whole;
        this.signedPart = signedPart;
        this.signature = signature;
        this.fields = fields;
    }

    /** Reads a certificate in DER. */
    public static RspCertificate parse(byte[] der) throws MalformedTlvException {
        return of(Tlv.parse(der));
    }

    /** Reads a certificate that stands within a message. */
    public static RspCertificate of(Tlv whole) throws MalformedTlvException {
        List<Tlv> parts = whole.expect(0x30).children();
        if (parts.size() != 3) {
            throw new MalformedTlvException("a certificate has three parts");
        }
        Tlv signedPart = parts.get(0).expect(0x30);
        CertificateFields fields = CertificateFields.read(signedPart);
        String outer = CertificateFields.algorithm(parts.get(1));
        if (!outer.equals(ECDSA_SHA256) || !fields.signatureAlgorithm().equals(ECDSA_SHA256)) {
            throw new MalformedTlvException("the signature is not ECDSA with SHA-256");
        }
        return new RspCertificate(whole, signedPart, CertificateFields.bits(parts.get(2)), fields);
    }

    /** The certificate in DER, as received. */
    public byte[] der() {
        return whole.raw();
    }

    /** The element, as received. */
    public Tlv element() {
        return whole;
    }

    /** The curve of its key. */
    public Curve curve() {
        return fields.curve();
    }

    /** Its key. */
    public ECPublicKey key() {
        return fields.key();
    }

    /** The subject key identifier, when it has one. */
    public Optional<ByteBuffer> subjectKeyId() {
        return fields.extensions().subjectKeyId();
    }

    /** The key identifier of its issuer, when it has one. */
    public Optional<ByteBuffer> authorityKeyId() {
        return fields.extensions().authorityKeyId();
    }

    /** The serial number: of any length, and tolerated when zero or negative. */
    BigInteger serialNumber() {
        return fields.serialNumber();
    }

    /** The serialNumber attribute of the subject: the EID, in an eUICC certificate. */
    public Optional<String> subjectSerialNumber() {
        return fields.subject().serialNumber();
    }

    Optional<String> subjectOrganisation() {
        return fields.subject().organisation();
    }

    CertificateExtensions extensions() {
        return fields.extensions();
    }

    /** Whether the policy names the role. */
    public boolean hasRole(RspRole role) {
        return fields.extensions().roles().contains(role);
    }

    /** Whether the policy is among its policies. */
    public boolean hasPolicy(String oid) {
        return fields.extensions().hasPolicy(oid);
    }

    /** The roles that its policies name. */
    public Set<RspRole> roles() {
        return Set.copyOf(fields.extensions().roles());
    }

    /** Whether it is an end entity's, whose key may sign data. */
    public boolean mayOnlySign() {
        return fields.extensions().maySign();
    }

    /** The registered object identifier of the entity (subject alternative name), when it has one. */
    public Optional<String> registeredId() {
        return fields.extensions().registeredId();
    }

    /** Whether the moment is within the validity. */
    public boolean isValidAt(Instant moment) {
        return !moment.isBefore(fields.notBefore()) && !moment.isAfter(fields.notAfter());
    }

    /** The first moment of the validity. */
    public Instant notBefore() {
        return fields.notBefore();
    }

    /** The last moment of the validity. */
    public Instant notAfter() {
        return fields.notAfter();
    }

    /** Whether the key of the issuer made the signature. */
    public boolean isSignedBy(Curve issuerCurve, ECPublicKey issuerKey) {
        return issuerCurve.verifyDer(issuerKey, signature, signedPart.raw());
    }

    /** Nothing of the subject: it may be an EID. */
    @Override
    public String toString() {
        return "RspCertificate" + fields.extensions().roles();
    }
}

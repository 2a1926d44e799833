package dev.octroi.rsp.identity;

import dev.octroi.rsp.cert.Curve;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/** Reads private keys on the two curves of SGP.22; keys of another kind are no keys of ours. */
final class KeyParser {
    private static final Provider PROVIDER = new BouncyCastleProvider();

    private KeyParser() {}

    /** PKCS #8 (RFC 5958). */
    static Optional<FoundKey> pkcs8(byte[] der) {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
            return key(
                    info.getPrivateKeyAlgorithm().getParameters(),
                    ECPrivateKey.getInstance(info.parsePrivateKey()).getKey());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // BouncyCastle tells of other content by several unchecked exceptions.
            return Optional.empty();
        }
    }

    /**
     * SEC 1 (RFC 5915).
     *
     * @param curve the block of parameters that stood before the key, or null; the key's own parameters come first
     */
    static Optional<FoundKey> sec1(byte[] der, byte @Nullable [] curve) {
        try {
            ECPrivateKey key = ECPrivateKey.getInstance(der);
            ASN1Encodable own = key.getParametersObject();
            ASN1Encodable parameters = own == null && curve != null ? ASN1Primitive.fromByteArray(curve) : own;
            return key(parameters, key.getKey());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<FoundKey> key(@Nullable ASN1Encodable parameters, BigInteger secret)
            throws IOException, GeneralSecurityException {
        Optional<Curve> curve =
                parameters instanceof ASN1ObjectIdentifier id ? Curve.ofOid(id.getId()) : Optional.empty();
        if (curve.isEmpty()) {
            return Optional.empty();
        }
        ASN1ObjectIdentifier oid = new ASN1ObjectIdentifier(curve.get().oid());
        X9ECParameters domain = ECNamedCurveTable.getByOID(oid);
        if (secret.signum() <= 0 || secret.compareTo(domain.getN()) >= 0) {
            return Optional.empty();
        }
        byte[] point = domain.getG().multiply(secret).normalize().getEncoded(false);
        return Optional.of(new FoundKey(curve.get(), key(curve.get(), oid, secret), point));
    }

    private static PrivateKey key(Curve curve, ASN1ObjectIdentifier oid, BigInteger secret)
            throws IOException, GeneralSecurityException {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, oid);
        byte[] encoded = new PrivateKeyInfo(algorithm, new ECPrivateKey(256, secret)).getEncoded();
        KeyFactory factory =
                curve == Curve.P256 ? KeyFactory.getInstance("EC") : KeyFactory.getInstance("EC", PROVIDER);
        return factory.generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }
}

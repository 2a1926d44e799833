package dev.octroi.rsp.euicc;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.KeyAgreement;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * ECDSA, key agreement and digests of the card. P-256 runs on the JDK's own provider, which is faster; Brainpool
 * needs BouncyCastle.
 */
final class CardCrypto {
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
    private static final int SIGNATURE_BYTES = 64;

    private CardCrypto() {}

    /** ECDSA with SHA-256 as r and s, 32 bytes each (BSI TR-03111 plain format). */
    static byte[] sign(CardCurve curve, PrivateKey key, SecureRandom random, byte[]... parts) {
        try {
            Signature signature = plainSignature(curve);
            signature.initSign(key, random);
            for (byte[] part : parts) {
                signature.update(part);
            }
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }

    /** Whether the 64 bytes are a signature over the parts; false for anything malformed. */
    static boolean verifies(CardCurve curve, PublicKey key, byte[] signatureBytes, byte[]... parts) {
        if (signatureBytes.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature signature = plainSignature(curve);
            signature.initVerify(key);
            for (byte[] part : parts) {
                signature.update(part);
            }
            return signature.verify(signatureBytes);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Signature plainSignature(CardCurve curve) throws GeneralSecurityException {
        return curve == CardCurve.P256
                ? Signature.getInstance("SHA256withECDSAinP1363Format")
                : Signature.getInstance("SHA256withPLAIN-ECDSA", BOUNCY_CASTLE);
    }

    /** ECDSA as certificates carry it: r and s in DER. */
    static Signature derSignature(CardCurve curve) throws GeneralSecurityException {
        return curve == CardCurve.P256
                ? Signature.getInstance("SHA256withECDSA")
                : Signature.getInstance("SHA256withECDSA", BOUNCY_CASTLE);
    }

    static KeyPair newKeyPair(CardCurve curve, SecureRandom random) {
        try {
            KeyPairGenerator generator = curve == CardCurve.P256
                    ? KeyPairGenerator.getInstance("EC")
                    : KeyPairGenerator.getInstance("EC", BOUNCY_CASTLE);
            generator.initialize(new ECGenParameterSpec(curve.curveName()), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key pair", e);
        }
    }

    /** The x coordinate, 32 bytes, of the agreed point (BSI TR-03111 ECKA without cofactor). */
    static byte[] agree(CardCurve curve, PrivateKey own, PublicKey other) throws GeneralSecurityException {
        KeyAgreement agreement = curve == CardCurve.P256
                ? KeyAgreement.getInstance("ECDH")
                : KeyAgreement.getInstance("ECDH", BOUNCY_CASTLE);
        agreement.init(own);
        agreement.doPhase(other, true);
        return agreement.generateSecret();
    }

    static PrivateKey privateKey(CardCurve curve, byte[] pkcs8) throws GeneralSecurityException {
        return factory(curve).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    static PublicKey publicKey(CardCurve curve, SubjectPublicKeyInfo info) throws GeneralSecurityException {
        try {
            return factory(curve).generatePublic(new X509EncodedKeySpec(info.getEncoded()));
        } catch (java.io.IOException e) {
            throw new GeneralSecurityException("public key without encoding", e);
        }
    }

    /** Reads an uncompressed point, 65 bytes, and makes sure that it lies on the curve. */
    static PublicKey publicKey(CardCurve curve, byte[] point) throws GeneralSecurityException {
        return publicKey(curve, curve.keyInfo(point));
    }

    /** The public key as an uncompressed point of 65 bytes. */
    static byte[] point(PublicKey key) {
        if (!(key instanceof ECPublicKey)) {
            throw new IllegalArgumentException("not a key on a curve");
        }
        return SubjectPublicKeyInfo.getInstance(key.getEncoded())
                .getPublicKeyData()
                .getOctets();
    }

    private static KeyFactory factory(CardCurve curve) throws GeneralSecurityException {
        return curve == CardCurve.P256 ? KeyFactory.getInstance("EC") : KeyFactory.getInstance("EC", BOUNCY_CASTLE);
    }
}

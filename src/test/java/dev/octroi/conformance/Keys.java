package dev.octroi.conformance;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.jce.spec.ECPublicKeySpec;

/** Elliptic curves as a card does them: plain signatures put together by hand from those of a library. */
final class Keys {
    static final Provider BC = new BouncyCastleProvider();
    static final SecureRandom RANDOM = new SecureRandom();
    private static final int HALF = 32;

    private Keys() {}

    static KeyPair generate(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
            generator.initialize(new ECGenParameterSpec(curve), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The uncompressed point: 04, X, Y. */
    static byte[] point(PublicKey key) {
        return SubjectPublicKeyInfo.getInstance(key.getEncoded())
                .getPublicKeyData()
                .getOctets();
    }

    static PublicKey publicKey(String curve, byte[] point) {
        try {
            ECNamedCurveParameterSpec parameters = ECNamedCurveTable.getParameterSpec(curve);
            return KeyFactory.getInstance("EC", BC)
                    .generatePublic(new ECPublicKeySpec(parameters.getCurve().decodePoint(point), parameters));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** r and s, 32 bytes each (BSI TR-03111 plain format). */
    static byte[] sign(PrivateKey key, byte[]... parts) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA", BC);
            signature.initSign(key, RANDOM);
            signature.update(Der.join(parts));
            ASN1Sequence pair = ASN1Sequence.getInstance(signature.sign());
            return Der.join(half(pair, 0), half(pair, 1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean verify(PublicKey key, byte[] plain, byte[]... parts) {
        try {
            ASN1EncodableVector pair = new ASN1EncodableVector();
            pair.add(new ASN1Integer(new BigInteger(1, Arrays.copyOf(plain, HALF))));
            pair.add(new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(plain, HALF, 2 * HALF))));
            Signature signature = Signature.getInstance("SHA256withECDSA", BC);
            signature.initVerify(key);
            signature.update(Der.join(parts));
            return plain.length == 2 * HALF && signature.verify(new DERSequence(pair).getEncoded());
        } catch (GeneralSecurityException | java.io.IOException e) {
            return false;
        }
    }

    /** The x coordinate of the shared point. */
    static byte[] agree(PrivateKey own, PublicKey peer) {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH", BC);
            agreement.init(own);
            agreement.doPhase(peer, true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] sha256(byte[]... parts) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(Der.join(parts));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] random(int bytes) {
        byte[] drawn = new byte[bytes];
        RANDOM.nextBytes(drawn);
        return drawn;
    }

    private static byte[] half(ASN1Sequence pair, int at) {
        byte[] bytes =
                ASN1Integer.getInstance(pair.getObjectAt(at)).getPositiveValue().toByteArray();
        byte[] half = new byte[HALF];
        int length = Math.min(HALF, bytes.length);
        System.arraycopy(bytes, bytes.length - length, half, HALF - length, length);
        return half;
    }
}

package dev.octroi.rsp.cert;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.KeyAgreement;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * The two curves that SGP.22 v2 §2.6.5 asks of a server.
 *
 * <p>P-256 is computed by whom {@link CurveProvider} chose; Brainpool is in neither of them and comes from BouncyCastle.
 * Points are uncompressed (04, X, Y: 65 bytes), signatures are plain (r, s: 64 bytes).
 */
@SuppressWarnings("ImmutableEnumChecker")
public enum Curve {
    /** NIST P-256. */
    P256("secp256r1", "1.2.840.10045.3.1.7", null, "SHA256withECDSAinP1363Format"),
    /** Brainpool P256r1. */
    BRAINPOOL_P256R1("brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", new BouncyCastleProvider(), "SHA256withPLAIN-ECDSA");

    /** Length of an uncompressed point in bytes. */
    public static final int POINT_BYTES = 65;
    /** Length of a plain signature in bytes. */
    public static final int SIGNATURE_BYTES = 64;

    private static final int FIELD_BYTES = 32;

    private final String oid;
    private final @Nullable Provider provider;
    private final String plainSignature;
    private final String curveName;
    private final ECParameterSpec parameters;
    private final BigInteger prime;

    Curve(String curveName, String oid, @Nullable Provider provider, String plainSignature) {
        this.curveName = curveName;
        this.oid = oid;
        this.provider = provider;
        this.plainSignature = plainSignature;
        try {
            AlgorithmParameters algorithm = provider == null
                    ? AlgorithmParameters.getInstance("EC")
                    : AlgorithmParameters.getInstance("EC", provider);
            algorithm.init(new ECGenParameterSpec(curveName));
            this.parameters = algorithm.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no curve " + curveName, e);
        }
        this.prime = ((ECFieldFp) parameters.getCurve().getField()).getP();
    }

    /** The curve with the object identifier, if it is one of the two. */
    public static Optional<Curve> ofOid(String oid) {
        return Arrays.stream(values()).filter(curve -> curve.oid.equals(oid)).findFirst();
    }

    /** The curve of a key, if it is one of the two. */
    public static Optional<Curve> of(ECPublicKey key) {
        return Arrays.stream(values())
                .filter(curve -> curve.parameters
                                .getCurve()
                                .getField()
                                .equals(key.getParams().getCurve().getField())
                        && curve.parameters.getOrder().equals(key.getParams().getOrder()))
                .findFirst();
    }

    /** The object identifier of the named curve. */
    public String oid() {
        return oid;
    }

    /** Whether native code computes on it: a signature takes less than the hundred microseconds that a detour costs. */
    public boolean isQuick() {
        return provider == null && CurveProvider.isNative();
    }

    /** Makes a key pair. */
    public KeyPair generate(SecureRandom random) {
        try {
            Provider by = provider();
            KeyPairGenerator generator =
                    by == null ? KeyPairGenerator.getInstance("EC") : KeyPairGenerator.getInstance("EC", by);
            generator.initialize(new ECGenParameterSpec(curveName), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a key on " + curveName, e);
        }
    }

    /** A public key as an uncompressed point. */
    public byte[] point(ECPublicKey key) {
        byte[] point = new byte[POINT_BYTES];
        point[0] = 4;
        put(key.getW().getAffineX(), point, 1);
        put(key.getW().getAffineY(), point, 1 + FIELD_BYTES);
        return point;
    }

    /** Reads an uncompressed point; empty when it is not on the curve. */
    public Optional<ECPublicKey> key(byte[] point) {
        requireNonNull(point, "point is null");
        if (point.length != POINT_BYTES || point[0] != 4) {
            return Optional.empty();
        }
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + FIELD_BYTES));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 1 + FIELD_BYTES, POINT_BYTES));
        if (!isOnCurve(x, y)) {
            return Optional.empty();
        }
        try {
            ECPublicKeySpec spec = new ECPublicKeySpec(new ECPoint(x, y), parameters);
            return Optional.of((ECPublicKey) keys().generatePublic(spec));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** A private key in the form that signs without being read again each time; for keys that are kept. */
    public PrivateKey kept(PrivateKey key) {
        try {
            return (PrivateKey) keys().translateKey(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no private key on " + curveName, e);
        }
    }

    /** The x coordinate of the shared point (32 bytes). */
    public byte[] agree(PrivateKey own, ECPublicKey peer) throws InvalidKeyException {
        try {
            Provider by = provider();
            KeyAgreement agreement =
                    by == null ? KeyAgreement.getInstance("ECDH") : KeyAgreement.getInstance("ECDH", by);
            agreement.init(own);
            agreement.doPhase(peer, true);
            return agreement.generateSecret();
        } catch (InvalidKeyException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key agreement on " + curveName, e);
        }
    }

    /** Signs with ECDSA and SHA-256; the signature is plain (BSI TR-03111). */
    public byte[] sign(PrivateKey key, SecureRandom random, byte[]... parts) {
        try {
            Signature signature = signature(plainSignature);
            signature.initSign(key, random);
            for (byte[] part : parts) {
                signature.update(part);
            }
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign on " + curveName, e);
        }
    }

    /** Verifies a plain signature. Anything wrong with it, its length included, is just a wrong signature. */
    public boolean verify(ECPublicKey key, byte[] plain, byte[]... parts) {
        return plain.length == SIGNATURE_BYTES && verify(plainSignature, key, plain, parts);
    }

    /** Verifies a signature in the DER form of certificates and revocation lists. */
    public boolean verifyDer(ECPublicKey key, byte[] der, byte[]... parts) {
        return verify("SHA256withECDSA", key, der, parts);
    }

    private boolean verify(String algorithm, ECPublicKey key, byte[] bytes, byte[]... parts) {
        try {
            Signature signature = signature(algorithm);
            signature.initVerify(key);
            for (byte[] part : parts) {
                signature.update(part);
            }
            return signature.verify(bytes);
        } catch (SignatureException | InvalidKeyException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no signatures on " + curveName, e);
        }
    }

    private Signature signature(String algorithm) throws GeneralSecurityException {
        Provider by = provider();
        return by == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, by);
    }

    private KeyFactory keys() throws GeneralSecurityException {
        Provider by = provider();
        return by == null ? KeyFactory.getInstance("EC") : KeyFactory.getInstance("EC", by);
    }

    private @Nullable Provider provider() {
        return provider == null ? CurveProvider.current() : provider;
    }

    private boolean isOnCurve(BigInteger x, BigInteger y) {
        if (x.compareTo(prime) >= 0 || y.compareTo(prime) >= 0) {
            return false;
        }
        BigInteger right = x.pow(2).add(parameters.getCurve().getA()).multiply(x);
        right = right.add(parameters.getCurve().getB()).mod(prime);
        return y.pow(2).mod(prime).equals(right);
    }

    private static void put(BigInteger coordinate, byte[] target, int at) {
        byte[] bytes = coordinate.toByteArray();
        int skip = Math.max(0, bytes.length - FIELD_BYTES);
        int length = bytes.length - skip;
        System.arraycopy(bytes, skip, target, at + FIELD_BYTES - length, length);
    }
}

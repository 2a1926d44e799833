package dev.octroi.access;

import dev.octroi.secret.Sha256;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Instant;
import java.util.Base64;

/** One ES256 key (P-256) with the moment from which it signs; its id is the thumbprint of RFC 7638. */
final class SigningKey {
    private final String id;
    private final ECPrivateKey privateKey;
    private final JsonObject publicJwk;
    private final Instant activeFrom;

    private SigningKey(ECPrivateKey privateKey, String x, String y, Instant activeFrom)
            throws GeneralSecurityException {
        this.privateKey = privateKey;
        this.activeFrom = activeFrom;
        String thumbprint = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
        this.id = Base64Url.encode(Sha256.of(thumbprint));
        this.publicJwk = new JsonObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("x", x)
                .put("y", y)
                .put("kid", id)
                .put("use", "sig")
                .put("alg", "ES256");
    }

    static SigningKey generate(SecureRandom random, Instant activeFrom) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair pair = generator.generateKeyPair();
        ECPublicKey publicKey = (ECPublicKey) pair.getPublic();
        return new SigningKey(
                (ECPrivateKey) pair.getPrivate(),
                Base64Url.encode(publicKey.getW().getAffineX()),
                Base64Url.encode(publicKey.getW().getAffineY()),
                activeFrom);
    }

    /** From the form of {@link #toPrivateJson()}. */
    static SigningKey parse(JsonObject json) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        BigInteger secret = new BigInteger(1, Base64.getUrlDecoder().decode(json.getString("d")));
        ECPrivateKey privateKey = (ECPrivateKey) KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(secret, parameters.getParameterSpec(ECParameterSpec.class)));
        return new SigningKey(
                privateKey,
                json.getString("x"),
                json.getString("y"),
                Instant.ofEpochSecond(json.getLong("activeFrom")));
    }

    String id() {
        return id;
    }

    Instant activeFrom() {
        return activeFrom;
    }

    /** The public key as a JWK (RFC 7517). */
    JsonObject publicJwk() {
        return publicJwk.copy();
    }

    /** The whole key, for the file that only its owner may read. */
    JsonObject toPrivateJson() {
        return publicJwk().put("d", Base64Url.encode(privateKey.getS())).put("activeFrom", activeFrom.getEpochSecond());
    }

    /** An ES256 signature: R and S, 64 bytes (RFC 7518 §3.4). */
    byte[] sign(byte[] content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(privateKey);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ECDSA is part of every JDK", e);
        }
    }
}

package dev.octroi.cli.demo;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks signatures as a receiver must (Standard Webhooks 1.0): over id, timestamp and the raw body.
 *
 * @param publicKey {@code whpk_…}, for {@code v1a}
 * @param secret {@code whsec_…}, for {@code v1}
 */
record Signatures(String publicKey, String secret) {
    /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** Whether the message carries a good Ed25519 signature. */
    boolean holdsV1a(Receiver.Message message) throws GeneralSecurityException {
        byte[] raw = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
        byte[] encoded = new byte[ED25519_PREFIX.length + raw.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(raw, 0, encoded, ED25519_PREFIX.length, raw.length);
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        for (String signature : signatures(message, "v1a,")) {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(content(message));
            if (verifier.verify(Base64.getDecoder().decode(signature))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the message carries a good HMAC signature. */
    boolean holdsV1(Receiver.Message message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        byte[] wanted = mac.doFinal(content(message));
        return signatures(message, "v1,").stream()
                .anyMatch(given ->
                        MessageDigest.isEqual(wanted, Base64.getDecoder().decode(given)));
    }

    private static List<String> signatures(Receiver.Message message, String version) {
        return Arrays.stream(
                        message.headers().getOrDefault("webhook-signature", "").split(" "))
                .filter(each -> each.startsWith(version))
                .map(each -> each.substring(version.length()))
                .toList();
    }

    private static byte[] content(Receiver.Message message) {
        return (message.headers().get("webhook-id") + "."
                        + message.headers().get("webhook-timestamp") + "."
                        + message.body())
                .getBytes(StandardCharsets.UTF_8);
    }
}

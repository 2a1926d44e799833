package dev.octroi.callback.message;

import java.util.Base64;
import javax.crypto.SecretKey;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * The installation's Ed25519 key that signs everything sent outside (Standard Webhooks 1.0, {@code v1a}). Receivers need
 * only its public half, so nobody who verifies can forge.
 */
public final class CallbackKey {
    private static final String PUBLIC_PREFIX = "whpk_";

    private final Ed25519PrivateKeyParameters key;

    private CallbackKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
    }

    /**
     * The key that belongs to a seed.
     *
     * @param seed 32 bytes, such as {@code keyring.derive("callback signature")}: all gateways of an installation agree
     *     on it, and no further file has to be kept
     */
    public static CallbackKey of(SecretKey seed) {
        byte[] bytes = seed.getEncoded();
        if (bytes == null || bytes.length != Ed25519PrivateKeyParameters.KEY_SIZE) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes");
        }
        return new CallbackKey(new Ed25519PrivateKeyParameters(bytes, 0));
    }

    /** The public key, {@code whpk_} and base64 of its 32 bytes. */
    public String publicText() {
        return PUBLIC_PREFIX
                + Base64.getEncoder().encodeToString(key.generatePublicKey().getEncoded());
    }

    byte[] sign(byte[] message) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }
}

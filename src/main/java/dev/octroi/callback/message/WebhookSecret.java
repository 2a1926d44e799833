package dev.octroi.callback.message;

import java.security.SecureRandom;
import java.util.Base64;

/** The shared secret of one webhook endpoint: 32 random bytes, written {@code whsec_} and base64 (Standard Webhooks 1.0). */
public final class WebhookSecret {
    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;

    private final byte[] bytes;

    private WebhookSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new secret. */
    public static WebhookSecret random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new WebhookSecret(bytes);
    }

    static WebhookSecret of(byte[] bytes) {
        return new WebhookSecret(bytes.clone());
    }

    /** The form that the owner of the endpoint gets, once. */
    public String text() {
        return PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    /** The key itself, a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "WebhookSecret[***]";
    }
}

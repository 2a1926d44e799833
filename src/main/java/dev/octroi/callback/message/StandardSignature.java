package dev.octroi.callback.message;

import dev.octroi.secret.HmacSha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Signs {@code id.timestamp.body} as Standard Webhooks 1.0 says. Pure. */
public final class StandardSignature {
    /** The header with the id of the message, the same on each attempt. */
    public static final String ID = "webhook-id";
    /** The header with the second of the attempt, since 1970. */
    public static final String TIMESTAMP = "webhook-timestamp";
    /** The header with the signatures, apart by blanks. */
    public static final String SIGNATURE = "webhook-signature";

    private StandardSignature() {}

    /**
     * The value of the header {@code webhook-signature}: {@code v1a} of the installation's key, and {@code v1} of each
     * secret; two of them while a secret is being replaced.
     *
     * @param timestampSeconds when this attempt is made, Unix seconds
     */
    static String of(String id, long timestampSeconds, byte[] body, CallbackKey key, List<WebhookSecret> secrets) {
        byte[] head = (id + "." + timestampSeconds + ".").getBytes(StandardCharsets.US_ASCII);
        byte[] message = new byte[head.length + body.length];
        System.arraycopy(head, 0, message, 0, head.length);
        System.arraycopy(body, 0, message, head.length, body.length);
        List<String> parts = new ArrayList<>();
        for (WebhookSecret secret : secrets) {
            parts.add("v1," + Base64.getEncoder().encodeToString(HmacSha256.of(secret.bytes(), message)));
        }
        parts.add("v1a," + Base64.getEncoder().encodeToString(key.sign(message)));
        return String.join(" ", parts);
    }
}

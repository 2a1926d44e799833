package dev.octroi.web.selfcare;

import dev.octroi.secret.HmacSha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.SecretKey;

/**
 * A token in every form, bound to the link: who can post a form has read the page. There is no session to ride on, but a
 * link that leaked into a log of addresses alone must not be enough to change a limit by a crafted form.
 */
final class FormGuard {
    private static final int TOKEN_BYTES = 16;

    private final SecretKey key;

    FormGuard(SecretKey key) {
        this.key = key;
    }

    /** The token for a link. */
    String token(String link) {
        byte[] full = HmacSha256.of(key, link.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(full, 0, TOKEN_BYTES);
    }

    /**
     * A form's word for a member of a shared account: it says nothing of the member's identifiers, and means the same member
     * when another one has left meanwhile.
     */
    String member(String link, long subscriptionId) {
        return token(link + "/" + subscriptionId);
    }

    /** Whether a form came from the link's page. */
    boolean accepts(String link, String given) {
        return MessageDigest.isEqual(
                token(link).getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    }
}

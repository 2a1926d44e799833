package dev.octroi.secret;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Some bytes and their authentication code as one word for a URL (base64url without padding, RFC 4648 §5). Not secret, but ours. */
public final class SignedToken {
    private SignedToken() {}

    /**
     * The word.
     *
     * @param code makes the code of the bytes, always of one length
     */
    public static String of(byte[] content, UnaryOperator<byte[]> code) {
        byte[] made = code.apply(content);
        byte[] all = Arrays.copyOf(content, content.length + made.length);
        System.arraycopy(made, 0, all, content.length, made.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /**
     * The bytes of a word; empty where it is none, is too long, or its code is not ours. Compared in constant time.
     *
     * @param maxBytes the most that bytes and code may be
     * @param codeBytes length of the code
     */
    public static Optional<byte[]> read(String token, int maxBytes, int codeBytes, UnaryOperator<byte[]> code) {
        if (token.length() > (maxBytes + 2) / 3 * 4) {
            return Optional.empty();
        }
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int end = all.length - codeBytes;
        if (end < 0 || all.length > maxBytes) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOf(all, end);
        return MessageDigest.isEqual(code.apply(content), Arrays.copyOfRange(all, end, all.length))
                ? Optional.of(content)
                : Optional.empty();
    }
}

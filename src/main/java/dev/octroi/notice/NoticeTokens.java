package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.HmacSha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * The words in the links of messages: whoever has one reads the address that it was sent to, and may say yes to it or no. It opens
 * nothing else. Nothing of it is stored: it names its channel and is signed.
 */
final class NoticeTokens {
    private static final int MAC_BYTES = 16;
    private static final int NAME_BYTES = Integer.BYTES + Long.BYTES;
    private static final int LENGTH = (NAME_BYTES + MAC_BYTES + 2) / 3 * 4;

    private final SecretKey key;

    /** What is signed. */
    enum Purpose {
        CONFIRM,
        STOP,
        MESSAGE
    }

    /** A channel by its number. */
    record Name(int tenantId, long number) {}

    NoticeTokens(SecretKey key) {
        this.key = requireNonNull(key, "key is null");
    }

    String of(Purpose purpose, int tenantId, long number) {
        byte[] name =
                ByteBuffer.allocate(NAME_BYTES).putInt(tenantId).putLong(number).array();
        byte[] token = Arrays.copyOf(name, NAME_BYTES + MAC_BYTES);
        System.arraycopy(mac(purpose, name), 0, token, NAME_BYTES, MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The channel of a link; empty when the link is not of this installation, or for something else. */
    Optional<Name> read(Purpose purpose, String token) {
        if (token.length() > LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != NAME_BYTES + MAC_BYTES) {
            return Optional.empty();
        }
        byte[] name = Arrays.copyOf(bytes, NAME_BYTES);
        byte[] mac = Arrays.copyOfRange(bytes, NAME_BYTES, bytes.length);
        ByteBuffer parts = ByteBuffer.wrap(name);
        return MessageDigest.isEqual(mac(purpose, name), mac)
                ? Optional.of(new Name(parts.getInt(), parts.getLong()))
                : Optional.empty();
    }

    /** A name for a message that says nothing about it. */
    String messageId(int tenantId, long id) {
        byte[] name =
                ByteBuffer.allocate(NAME_BYTES).putInt(tenantId).putLong(id).array();
        return HexFormat.of().formatHex(mac(Purpose.MESSAGE, name));
    }

    private byte[] mac(Purpose purpose, byte[] name) {
        byte[] word = purpose.name().getBytes(StandardCharsets.US_ASCII);
        byte[] message = Arrays.copyOf(word, word.length + name.length);
        System.arraycopy(name, 0, message, word.length, name.length);
        return Arrays.copyOf(HmacSha256.of(key, message), MAC_BYTES);
    }
}

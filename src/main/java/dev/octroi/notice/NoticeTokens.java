package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.HmacSha256;
import dev.octroi.secret.SignedToken;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
        return SignedToken.of(name, content -> mac(purpose, content));
    }

    /** The channel of a link; empty when the link is not of this installation, or for something else. */
    Optional<Name> read(Purpose purpose, String token) {
        return SignedToken.read(token, NAME_BYTES + MAC_BYTES, MAC_BYTES, content -> mac(purpose, content))
                .filter(content -> content.length == NAME_BYTES)
                .map(ByteBuffer::wrap)
                .map(parts -> new Name(parts.getInt(), parts.getLong()));
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

package dev.octroi.secret;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.GCMSIVBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Some bytes as one word for a URL (base64url without padding, RFC 4648 §5) that nobody else can read, make up or take elsewhere:
 * AES-256-GCM-SIV (RFC 8452). Its nonce never changes, so that the same bytes are the same word, which is all that anybody learns.
 */
public final class SealedWord {
    private static final int TAG_BYTES = 16;
    private static final byte[] NONCE = new byte[12];
    private static final byte[] PURPOSE = "sealed word".getBytes(StandardCharsets.US_ASCII);

    private final byte[] key;

    /** @param key of HMAC-SHA-256; another one is derived from it */
    public SealedWord(SecretKey key) {
        this.key = HmacSha256.of(requireNonNull(key, "key is null"), PURPOSE);
    }

    /**
     * The word.
     *
     * @param place where it is good
     */
    public String seal(String place, byte[] content) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(run(true, place, content));
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("only opening can fail", e);
        }
    }

    /**
     * The bytes of a word; empty where it is none of ours, of another place or too long.
     *
     * @param maxBytes the most that the bytes may be
     */
    public Optional<byte[]> open(String place, String word, int maxBytes) {
        int most = maxBytes + TAG_BYTES;
        if (word.length() > (most + 2) / 3 * 4) {
            return Optional.empty();
        }
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(word);
            return sealed.length < TAG_BYTES || sealed.length > most
                    ? Optional.empty()
                    : Optional.of(run(false, place, sealed));
        } catch (IllegalArgumentException | InvalidCipherTextException e) {
            return Optional.empty();
        }
    }

    private byte[] run(boolean seals, String place, byte[] content) throws InvalidCipherTextException {
        GCMSIVBlockCipher cipher = new GCMSIVBlockCipher();
        byte[] name = place.getBytes(StandardCharsets.UTF_8);
        cipher.init(seals, new AEADParameters(new KeyParameter(key), TAG_BYTES * Byte.SIZE, NONCE, name));
        byte[] done = new byte[cipher.getOutputSize(content.length)];
        int length = cipher.processBytes(content, 0, content.length, done, 0);
        length += cipher.doFinal(done, length);
        return Arrays.copyOf(done, length);
    }
}

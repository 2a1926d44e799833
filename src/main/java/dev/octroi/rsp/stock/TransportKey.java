package dev.octroi.rsp.stock;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;

/** The key under which an operator encrypts K and OPc on their way here: AES in CBC mode, no padding, no chaining vector. */
public final class TransportKey {
    private static final int BLOCK = 16;

    private final SecretKey key;

    /** @param key of 16, 24 or 32 bytes */
    public TransportKey(SecretKey key) {
        this.key = key;
    }

    /** The clear form of a value of whole blocks. */
    byte[] open(byte[] encrypted) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            // Values are random and shorter than two blocks: a vector of zeros is what personalisation centres use.
            cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(new byte[BLOCK]));
            return cipher.doFinal(encrypted);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no whole blocks", e);
        }
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return "TransportKey[hidden]";
    }
}

package dev.octroi.rsp.bound;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-CMAC (RFC 4493) over the JDK's CBC, which the processor accelerates. Not for several threads. */
final class AesCmac {
    static final int BLOCK = 16;

    private static final IvParameterSpec ZERO = new IvParameterSpec(new byte[BLOCK]);

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] whole;
    private final byte[] padded;

    AesCmac(byte[] keyBytes) {
        this.key = new SecretKeySpec(keyBytes, "AES");
        try {
            this.cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, ZERO);
            byte[] zero = cipher.doFinal(new byte[BLOCK]);
            this.whole = twice(zero);
            this.padded = twice(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES", e);
        }
    }

    /** The 16 bytes of the code over all parts in order. */
    byte[] mac(byte[]... parts) {
        int total = 0;
        for (byte[] part : parts) {
            total += part.length;
        }
        int blocks = Math.max(1, (total + BLOCK - 1) / BLOCK);
        byte[] message = new byte[blocks * BLOCK];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, message, at, part.length);
            at += part.length;
        }
        byte[] mask = whole;
        if (at < message.length) {
            message[at] = (byte) 0x80;
            mask = padded;
        }
        int last = message.length - BLOCK;
        for (int i = 0; i < BLOCK; i++) {
            message[last + i] ^= mask[i];
        }
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, ZERO);
            byte[] chained = cipher.doFinal(message);
            return Arrays.copyOfRange(chained, last, last + BLOCK);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES", e);
        }
    }

    private static byte[] twice(byte[] block) {
        byte[] out = new byte[BLOCK];
        int carry = 0;
        for (int i = BLOCK - 1; i >= 0; i--) {
            int shifted = ((block[i] & 0xFF) << 1) | carry;
            out[i] = (byte) shifted;
            carry = shifted >>> 8;
        }
        if (carry != 0) {
            out[BLOCK - 1] ^= (byte) 0x87;
        }
        return out;
    }
}

package dev.octroi.rsp.bound;

import dev.octroi.rsp.asn1.Tlv;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SCP03t (SGP.22 §2.6.4.2 to .4): turns plain bytes into protected segments, in order. Holds the block counter and
 * the MAC chain, so it serves one package and one thread.
 */
public final class SecureChannel {
    /** Longest protected segment with tag, length and MAC (SGP.22 §2.5.3). */
    public static final int SEGMENT_BYTES = 1020;
    /** Most plain bytes in an encrypted segment: one byte of padding is needed, 1008 is a multiple of 16. */
    public static final int ENCRYPTED_PLAIN_BYTES = 1007;
    /** Most plain bytes in a segment that is authenticated only. */
    public static final int MAC_ONLY_PLAIN_BYTES = 1008;

    /** Tag of an encrypted configuration command. */
    public static final int TAG_COMMAND = 0x87;
    /** Tag of metadata, authenticated only. */
    public static final int TAG_METADATA = 0x88;
    /** Tag of the profile itself, encrypted. */
    public static final int TAG_PROFILE = 0x86;

    private static final int MAC_BYTES = 8;
    private static final int BLOCK = AesCmac.BLOCK;

    private final Cipher counterCipher;
    private final Cipher dataCipher;
    private final SecretKeySpec encKey;
    private final AesCmac cmac;
    private byte[] chaining;
    private long counter = 1;

    /** Starts a channel: block counter 1, chain at the initial value of the keys. */
    public SecureChannel(BspKeys keys) {
        this.encKey = new SecretKeySpec(keys.enc(), "AES");
        this.cmac = new AesCmac(keys.mac());
        this.chaining = keys.macChaining().clone();
        try {
            this.counterCipher = Cipher.getInstance("AES/ECB/NoPadding");
            counterCipher.init(Cipher.ENCRYPT_MODE, encKey);
            this.dataCipher = Cipher.getInstance("AES/CBC/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES", e);
        }
    }

    /** Encrypts and authenticates, in as many segments as needed; the elements stand one after the other. */
    public byte[] encrypt(int tag, byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length + plain.length / 64 + 64);
        for (int from = 0; from < plain.length; from += ENCRYPTED_PLAIN_BYTES) {
            int to = Math.min(plain.length, from + ENCRYPTED_PLAIN_BYTES);
            byte[] padded = new byte[((to - from) / BLOCK + 1) * BLOCK];
            System.arraycopy(plain, from, padded, 0, to - from);
            padded[to - from] = (byte) 0x80;
            writeSegment(out, tag, encryptBlocks(padded));
        }
        return out.toByteArray();
    }

    /** Authenticates without encryption, in as many segments as needed. The block counter moves all the same. */
    public byte[] authenticate(int tag, byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length + plain.length / 64 + 64);
        for (int from = 0; from < plain.length; from += MAC_ONLY_PLAIN_BYTES) {
            int to = Math.min(plain.length, from + MAC_ONLY_PLAIN_BYTES);
            counter++;
            writeSegment(out, tag, Arrays.copyOfRange(plain, from, to));
        }
        return out.toByteArray();
    }

    private byte[] encryptBlocks(byte[] padded) {
        try {
            byte[] block =
                    ByteBuffer.allocate(BLOCK).putLong(Long.BYTES, counter++).array();
            IvParameterSpec iv = new IvParameterSpec(counterCipher.doFinal(block));
            dataCipher.init(Cipher.ENCRYPT_MODE, encKey, iv);
            return dataCipher.doFinal(padded);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES", e);
        }
    }

    private void writeSegment(ByteArrayOutputStream out, int tag, byte[] body) {
        byte[] header = Tlv.header(tag, body.length + MAC_BYTES);
        chaining = cmac.mac(chaining, header, body);
        out.writeBytes(header);
        out.writeBytes(body);
        out.write(chaining, 0, MAC_BYTES);
    }
}

package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.secret.Sha256;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** The receiving end of SCP03t (SGP.22 v2.5 §5.5): a chain of MACs over encrypted or plain segments. */
final class SecureChannel {
    /** The longest segment with tag, length and MAC. */
    static final int MAX_SEGMENT_BYTES = 1020;

    private static final int BLOCK = 16;
    private static final int MAC_BYTES = 8;

    private final SecretKeySpec encryptionKey;
    private final CMac mac;
    private byte[] chainingValue;
    private long counter = 1;

    /** @param chainingValue initial MAC chaining value, 16 bytes, as are both keys */
    SecureChannel(byte[] chainingValue, byte[] encryptionKey, byte[] macKey) {
        this.chainingValue = chainingValue.clone();
        this.encryptionKey = new SecretKeySpec(encryptionKey, "AES");
        this.mac = newMac(macKey);
    }

    private static CMac newMac(byte[] key) {
        CMac made = new CMac(AESEngine.newInstance());
        made.init(new KeyParameter(key));
        return made;
    }

    /**
     * Derives the session keys (X9.63 with SHA-256).
     *
     * @param sharedSecret x coordinate of the agreed point
     * @param hostId 1 to 16 bytes
     * @param eid 16 bytes: a package bound to another eUICC gives other keys
     */
    static SecureChannel derive(byte[] sharedSecret, byte[] hostId, byte[] eid) {
        ByteBuffer info = ByteBuffer.allocate(4 + hostId.length + eid.length);
        info.put((byte) 0x88).put((byte) 0x10);
        info.put((byte) hostId.length).put(hostId);
        info.put((byte) eid.length).put(eid);
        byte[] first = Sha256.of(sharedSecret, new byte[] {0, 0, 0, 1}, info.array());
        byte[] second = Sha256.of(sharedSecret, new byte[] {0, 0, 0, 2}, info.array());
        return new SecureChannel(
                Arrays.copyOf(first, BLOCK), Arrays.copyOfRange(first, BLOCK, 2 * BLOCK), Arrays.copyOf(second, BLOCK));
    }

    /** Checks a segment that carries a MAC only and gives its content. */
    byte[] openPlain(Tlv segment) throws CardRefusal {
        byte[] content = authenticated(segment);
        counter++;
        return content;
    }

    /** Checks and decrypts a segment. */
    byte[] openEncrypted(Tlv segment) throws CardRefusal {
        byte[] encrypted = authenticated(segment);
        if (encrypted.length == 0 || encrypted.length % BLOCK != 0) {
            throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, "segment is not whole blocks");
        }
        try {
            Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
            ecb.init(Cipher.ENCRYPT_MODE, encryptionKey);
            byte[] iv =
                    ecb.doFinal(ByteBuffer.allocate(BLOCK).putLong(8, counter).array());
            Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
            cbc.init(Cipher.DECRYPT_MODE, encryptionKey, new IvParameterSpec(iv));
            counter++;
            return unpadded(cbc.doFinal(encrypted));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES", e);
        }
    }

    private byte[] authenticated(Tlv segment) throws CardRefusal {
        if (segment.rawLength() > MAX_SEGMENT_BYTES) {
            throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, "segment too long");
        }
        if (segment.valueLength() < MAC_BYTES) {
            throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, "segment without MAC");
        }
        byte[] raw = segment.raw();
        int macAt = raw.length - MAC_BYTES;
        byte[] full = new byte[BLOCK];
        mac.update(chainingValue, 0, BLOCK);
        mac.update(raw, 0, macAt);
        mac.doFinal(full, 0);
        if (!MessageDigest.isEqual(Arrays.copyOf(full, MAC_BYTES), Arrays.copyOfRange(raw, macAt, raw.length))) {
            throw new CardRefusal(ErrorReason.SCP03T_SECURITY_ERROR, "MAC does not match");
        }
        chainingValue = full;
        return Arrays.copyOf(segment.value(), segment.valueLength() - MAC_BYTES);
    }

    private static byte[] unpadded(byte[] padded) throws CardRefusal {
        int end = padded.length - 1;
        while (end > padded.length - BLOCK && padded[end] == 0) {
            end--;
        }
        if (padded[end] != (byte) 0x80) {
            throw new CardRefusal(ErrorReason.SCP03T_SECURITY_ERROR, "padding does not match");
        }
        return Arrays.copyOf(padded, end);
    }
}

package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.secret.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The keys of one secure channel: session keys, or the protection keys (PPK) that a package brings along.
 *
 * @param macChaining initial MAC chaining value, 16 bytes
 * @param enc key of encryption, 16 bytes
 * @param mac key of authentication, 16 bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record BspKeys(byte[] macChaining, byte[] enc, byte[] mac) {
    /** Length of each of the three in bytes. */
    public static final int KEY_BYTES = 16;

    /** AES, as the control reference template and the key derivation name it. */
    static final byte KEY_TYPE_AES = (byte) 0x88;

    public BspKeys {
        if (macChaining.length != KEY_BYTES || enc.length != KEY_BYTES || mac.length != KEY_BYTES) {
            throw new IllegalArgumentException("three keys of 16 bytes");
        }
    }

    /**
     * Derives session keys (SGP.22 §2.6.4.1, annex G: X9.63 with SHA-256).
     *
     * @param sharedSecret x coordinate of the shared point
     * @param hostId the identifier that the control reference template carries, 1 to 16 bytes
     * @param eid enters the derivation, so that a package opens on one card only
     */
    public static BspKeys derive(byte[] sharedSecret, byte[] hostId, Eid eid) {
        requireNonNull(eid, "eid is null");
        if (hostId.length < 1 || hostId.length > 16) {
            throw new IllegalArgumentException("a host id has 1 to 16 bytes");
        }
        byte[] eidBytes = eid.bytes();
        ByteArrayOutputStream info = new ByteArrayOutputStream(48);
        info.write(KEY_TYPE_AES);
        info.write(KEY_BYTES);
        info.write(hostId.length);
        info.writeBytes(hostId);
        info.write(eidBytes.length);
        info.writeBytes(eidBytes);
        byte[] all = x963(sharedSecret, info.toByteArray(), 3 * KEY_BYTES);
        return new BspKeys(
                Arrays.copyOfRange(all, 0, 16), Arrays.copyOfRange(all, 16, 32), Arrays.copyOfRange(all, 32, 48));
    }

    /** The key derivation of ANSI X9.63 (SEC 1 §3.6.1) with SHA-256. */
    static byte[] x963(byte[] secret, byte[] sharedInfo, int length) {
        MessageDigest sha256 = Sha256.digest();
        ByteBuffer out = ByteBuffer.allocate(length);
        for (int counter = 1; out.hasRemaining(); counter++) {
            sha256.update(secret);
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, counter));
            byte[] block = sha256.digest(sharedInfo);
            out.put(block, 0, Math.min(block.length, out.remaining()));
        }
        return out.array();
    }

    /** Nothing of the keys. */
    @Override
    public String toString() {
        return "BspKeys[hidden]";
    }
}

package dev.octroi.rsp.profile;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What makes a profile the profile of one subscriber.
 *
 * @param iccid the number of the profile
 * @param imsi the number of the subscriber
 * @param k the subscriber key, 16 bytes
 * @param opc the operator constant of Milenage for this key, 16 bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record Subscriber(Iccid iccid, Imsi imsi, byte[] k, byte[] opc) {
    /** Length of K and of OPc in bytes. */
    public static final int KEY_BYTES = 16;

    public Subscriber {
        requireNonNull(iccid, "iccid is null");
        requireNonNull(imsi, "imsi is null");
        if (k.length != KEY_BYTES || opc.length != KEY_BYTES) {
            throw new IllegalArgumentException("K and OPc have 16 bytes");
        }
    }

    /**
     * A code of eight decimal digits that follows from K: nothing more has to be kept, and every binding of the
     * profile gets the same.
     */
    byte[] digits(String purpose) {
        byte[] derived = derive(purpose);
        byte[] digits = new byte[8];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = (byte) ('0' + (derived[i] & 0xFF) % 10);
        }
        return digits;
    }

    /** A key of 16 bytes that follows from K. */
    byte[] key(String purpose) {
        return Arrays.copyOf(derive(purpose), KEY_BYTES);
    }

    /** EF.ACC (TS 31.102 §4.2.15): one bit for the class 0 to 9 that the last digit of the IMSI names. */
    byte[] accessClass() {
        int last = imsi.digits().charAt(imsi.digits().length() - 1) - '0';
        int bits = 1 << last;
        return new byte[] {(byte) (bits >>> 8), (byte) bits};
    }

    private byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(k, "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no HMAC", e);
        }
    }

    /** Nothing of numbers and keys. */
    @Override
    public String toString() {
        return "Subscriber[hidden]";
    }
}

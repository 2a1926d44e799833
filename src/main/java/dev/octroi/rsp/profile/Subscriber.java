package dev.octroi.rsp.profile;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.secret.HmacSha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What makes a profile the profile of one subscriber.
 *
 * @param iccid the number of the profile
 * @param imsi the number of the subscriber
 * @param k the subscriber key, 16 bytes, or 32 for TUAK with long keys
 * @param opc the operator constant for this key: 16 bytes (Milenage) or 32 (TUAK); empty when the algorithm has none
 * @param codes where the other secrets come from
 */
@SuppressWarnings("ArrayRecordComponent")
public record Subscriber(Iccid iccid, Imsi imsi, byte[] k, byte[] opc, Codes codes) {
    /** Length of K and of OPc of Milenage in bytes. */
    public static final int KEY_BYTES = 16;

    private static final int LONG_KEY_BYTES = 32;

    /** Unblocking code, administrative code and keys for remote management. */
    public sealed interface Codes {
        /**
         * All of them follow from K, as far as the package has places for them: nothing more has to be kept, and every
         * binding of the profile gets the same.
         */
        record Derived() implements Codes {}

        /**
         * The operator's: the package's own, but for those that came with the subscriber.
         *
         * @param puk eight digits in ASCII, or empty for the package's
         * @param adm eight bytes, or empty for the package's
         */
        @SuppressWarnings("ArrayRecordComponent")
        record Given(Optional<byte[]> puk, Optional<byte[]> adm) implements Codes {}
    }

    public Subscriber {
        requireNonNull(iccid, "iccid is null");
        requireNonNull(imsi, "imsi is null");
        requireNonNull(codes, "codes is null");
        if (!isKey(k.length) || (opc.length != 0 && !isKey(opc.length))) {
            throw new IllegalArgumentException("K and OPc have 16 or 32 bytes");
        }
    }

    /** A subscriber whose other secrets follow from K. */
    public Subscriber(Iccid iccid, Imsi imsi, byte[] k, byte[] opc) {
        this(iccid, imsi, k, opc, new Codes.Derived());
    }

    /** Whether a key may have so many bytes. */
    public static boolean isKey(int bytes) {
        return bytes == KEY_BYTES || bytes == LONG_KEY_BYTES;
    }

    Optional<byte[]> puk() {
        return switch (codes) {
            case Codes.Derived derived -> Optional.of(digits("puk"));
            case Codes.Given given -> given.puk();
        };
    }

    Optional<byte[]> adm() {
        return switch (codes) {
            case Codes.Derived derived -> Optional.of(digits("adm"));
            case Codes.Given given -> given.adm();
        };
    }

    Optional<byte[]> otaKey(int number) {
        return switch (codes) {
            case Codes.Derived derived -> Optional.of(Arrays.copyOf(derive("ota" + number), KEY_BYTES));
            case Codes.Given given -> Optional.empty();
        };
    }

    byte[] imsiText() {
        return imsi.digits().getBytes(StandardCharsets.US_ASCII);
    }

    /** EF.ACC (TS 31.102 §4.2.15): one bit for the class 0 to 9 that the last digit of the IMSI names. */
    int accessClass() {
        int last = imsi.digits().charAt(imsi.digits().length() - 1) - '0';
        return 1 << last;
    }

    /** A code of eight decimal digits. */
    private byte[] digits(String purpose) {
        byte[] derived = derive(purpose);
        byte[] digits = new byte[8];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = (byte) ('0' + (derived[i] & 0xFF) % 10);
        }
        return digits;
    }

    private byte[] derive(String purpose) {
        return HmacSha256.of(k, purpose.getBytes(StandardCharsets.US_ASCII));
    }

    /** Nothing of numbers and keys. */
    @Override
    public String toString() {
        return "Subscriber[hidden]";
    }
}

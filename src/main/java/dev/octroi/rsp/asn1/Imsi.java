package dev.octroi.rsp.asn1;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The number of a subscriber (TS 23.003 §2.2): 6 to 15 digits.
 *
 * @param digits MCC, MNC and MSIN
 */
public record Imsi(String digits) {
    private static final Pattern FORM = Pattern.compile("[0-9]{6,15}");
    private static final int EF_BYTES = 9;

    public Imsi {
        if (!FORM.matcher(digits).matches()) {
            throw new IllegalArgumentException("an IMSI has 6 to 15 digits");
        }
    }

    /** Nine bytes as in EF.IMSI (TS 31.102 §4.2.2): length, parity and digits with nibbles swapped. */
    public byte[] efBytes() {
        boolean odd = digits.length() % 2 == 1;
        String nibbles = (odd ? "9" : "1") + digits + (odd ? "" : "F");
        byte[] body = Nibbles.swap(nibbles);
        byte[] ef = new byte[EF_BYTES];
        Arrays.fill(ef, (byte) 0xFF);
        ef[0] = (byte) body.length;
        System.arraycopy(body, 0, ef, 1, body.length);
        return ef;
    }

    /** Reads the nine bytes of EF.IMSI. */
    public static Imsi ofEf(byte[] ef) throws MalformedTlvException {
        if (ef.length != EF_BYTES || ef[0] < 4 || ef[0] > 8) {
            throw new MalformedTlvException("EF.IMSI has no such form");
        }
        String nibbles = Nibbles.unswap(Arrays.copyOfRange(ef, 1, 1 + ef[0]));
        boolean odd = nibbles.charAt(0) == '9';
        String digits = nibbles.substring(1, odd ? nibbles.length() : nibbles.length() - 1);
        if (!FORM.matcher(digits).matches()) {
            throw new MalformedTlvException("EF.IMSI is not decimal");
        }
        return new Imsi(digits);
    }

    /** Nothing of the number: it must not reach a log. */
    @Override
    public String toString() {
        return "Imsi[hidden]";
    }
}

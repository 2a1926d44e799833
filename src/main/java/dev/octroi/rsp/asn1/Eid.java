package dev.octroi.rsp.asn1;

import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * The number of an eUICC (SGP.29): 32 digits.
 *
 * @param digits the 32 decimal digits
 */
public record Eid(String digits) {
    private static final Pattern FORM = Pattern.compile("[0-9]{32}");
    private static final BigInteger MODULUS = BigInteger.valueOf(97);

    public Eid {
        if (!isValid(digits)) {
            throw new IllegalArgumentException("an EID has 32 digits");
        }
    }

    /** Whether the text is 32 digits. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /** Reads the sixteen bytes of tag 5A. */
    public static Eid ofBytes(byte[] bytes) throws MalformedTlvException {
        String digits = Nibbles.hex(bytes);
        if (!isValid(digits)) {
            throw new MalformedTlvException("EID is not 32 digits");
        }
        return new Eid(digits);
    }

    /** Puts the two check digits (ISO 7064 MOD 97-10) behind 30 digits. */
    public static Eid withCheckDigits(String body) {
        int rest = new BigInteger(body + "00").mod(MODULUS).intValueExact();
        return new Eid("%s%02d".formatted(body, 98 - rest));
    }

    /** Whether the last two digits are the check digits of the others. */
    public boolean hasCheckDigits() {
        return new BigInteger(digits).mod(MODULUS).intValueExact() == 1;
    }

    /** Sixteen bytes, two digits in each, in order: the form that enters key derivation. */
    public byte[] bytes() {
        return Nibbles.bytes(digits);
    }

    /** Nothing of the number: it must not reach a log. */
    @Override
    public String toString() {
        return "Eid[hidden]";
    }
}

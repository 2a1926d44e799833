package dev.octroi.rsp.asn1;

import java.util.regex.Pattern;

/**
 * The number of a profile (ITU-T E.118): 18 to 20 digits.
 *
 * @param digits the digits without padding
 */
public record Iccid(String digits) {
    private static final Pattern FORM = Pattern.compile("[0-9]{18,20}");
    private static final int BYTES = 10;

    public Iccid {
        if (!FORM.matcher(digits).matches()) {
            throw new IllegalArgumentException("an ICCID has 18 to 20 digits");
        }
    }

    /** Whether the text, with or without trailing F, is an ICCID. */
    public static boolean isValid(String text) {
        return FORM.matcher(unpad(text)).matches();
    }

    /** Reads the JSON form: digits, possibly with trailing F. */
    public static Iccid ofText(String text) {
        return new Iccid(unpad(text));
    }

    /** Reads the form of EF.ICCID and of tag 5A: ten bytes, nibbles swapped, padded with F. */
    public static Iccid ofEf(byte[] swapped) throws MalformedTlvException {
        return ofDigits(Nibbles.unswap(checked(swapped)));
    }

    /** Reads the form of the profile header: ten bytes, nibbles in order, padded with F. */
    public static Iccid ofHeader(byte[] ordered) throws MalformedTlvException {
        return ofDigits(Nibbles.hex(checked(ordered)));
    }

    /** Ten bytes as in EF.ICCID and tag 5A: nibbles swapped, padded with F. */
    public byte[] efBytes() {
        return Nibbles.swap(padded());
    }

    /** Ten bytes as in the header of the profile package: nibbles in order, padded with F. */
    public byte[] headerBytes() {
        return Nibbles.bytes(padded());
    }

    /** Appends the Luhn check digit to a body of digits. */
    public static Iccid withCheckDigit(String body) {
        return new Iccid(body + luhn(body));
    }

    /** Whether the last digit is the Luhn check digit of the others. */
    public boolean hasCheckDigit() {
        int last = digits.length() - 1;
        return luhn(digits.substring(0, last)) == digits.charAt(last);
    }

    private static char luhn(String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int digit = body.charAt(body.length() - 1 - i) - '0';
            int weighted = i % 2 == 0 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return (char) ('0' + (10 - sum % 10) % 10);
    }

    private String padded() {
        return digits + "F".repeat(2 * BYTES - digits.length());
    }

    private static byte[] checked(byte[] bytes) throws MalformedTlvException {
        if (bytes.length != BYTES) {
            throw new MalformedTlvException("ICCID of %d bytes".formatted(bytes.length));
        }
        return bytes;
    }

    private static Iccid ofDigits(String padded) throws MalformedTlvException {
        String digits = unpad(padded);
        if (!FORM.matcher(digits).matches()) {
            throw new MalformedTlvException("ICCID is not decimal");
        }
        return new Iccid(digits);
    }

    private static String unpad(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == 'F' || text.charAt(end - 1) == 'f')) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Nothing of the number: it must not reach a log. */
    @Override
    public String toString() {
        return "Iccid[hidden]";
    }
}

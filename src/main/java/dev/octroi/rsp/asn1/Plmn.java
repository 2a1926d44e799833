package dev.octroi.rsp.asn1;

import java.util.regex.Pattern;

/**
 * A mobile network: country code and network code.
 *
 * @param mcc three digits
 * @param mnc two or three digits
 */
public record Plmn(String mcc, String mnc) {
    private static final Pattern MCC = Pattern.compile("[0-9]{3}");
    private static final Pattern MNC = Pattern.compile("[0-9]{2,3}");

    public Plmn {
        if (!MCC.matcher(mcc).matches() || !MNC.matcher(mnc).matches()) {
            throw new IllegalArgumentException("a PLMN has three and two or three digits");
        }
    }

    /** Reads the three bytes of TS 24.008 §10.5.1.13. */
    public static Plmn ofBytes(byte[] bytes) throws MalformedTlvException {
        if (bytes.length != 3) {
            throw new MalformedTlvException("PLMN of %d bytes".formatted(bytes.length));
        }
        String n = Nibbles.unswap(bytes);
        String mcc = n.substring(0, 3);
        String mnc = n.substring(4, 6) + (n.charAt(3) == 'F' ? "" : n.substring(3, 4));
        if (!MCC.matcher(mcc).matches() || !MNC.matcher(mnc).matches()) {
            throw new MalformedTlvException("PLMN is not decimal");
        }
        return new Plmn(mcc, mnc);
    }

    /** The three bytes of TS 24.008 §10.5.1.13, such as 02 F8 10 for 208-01. */
    public byte[] bytes() {
        char third = mnc.length() == 3 ? mnc.charAt(2) : 'F';
        return Nibbles.swap(mcc + third + mnc.substring(0, 2));
    }
}

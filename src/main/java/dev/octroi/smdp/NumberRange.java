package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.asn1.Plmn;
import java.util.regex.Pattern;

/**
 * The numbers that the built-in SM-DP+ gives to its profiles.
 *
 * @param issuer 4 to 8 digits at the start of an ICCID: 89, country, issuer
 * @param home network code at the start of an IMSI
 */
public record NumberRange(String issuer, Plmn home) {
    /** The highest number in a range. */
    public static final long MAX_NUMBER = 9_999_999_999L;

    private static final int ICCID_BODY = 18;
    private static final int IMSI_DIGITS = 15;
    private static final Pattern ISSUER = Pattern.compile("89[0-9]{2,6}");

    public NumberRange {
        requireNonNull(home, "home is null");
        if (!ISSUER.matcher(issuer).matches()) {
            throw new IllegalArgumentException("an issuer begins with 89 and has 4 to 8 digits");
        }
    }

    /** A range that no operator uses: issuer 99 in France, test network 001-01. */
    public static NumberRange test() {
        return new NumberRange("893399", new Plmn("001", "01"));
    }

    /** The ICCID with a number: 19 digits with the Luhn check digit. */
    public Iccid iccid(long number) {
        return Iccid.withCheckDigit(issuer + padded(number, ICCID_BODY - issuer.length()));
    }

    /** The IMSI with a number: 15 digits. */
    public Imsi imsi(long number) {
        String network = home.mcc() + home.mnc();
        return new Imsi(network + padded(number, IMSI_DIGITS - network.length()));
    }

    private static String padded(long number, int length) {
        String digits = Long.toString(number);
        if (number < 1 || digits.length() > length) {
            throw new IllegalArgumentException("the range is used up");
        }
        return "0".repeat(length - digits.length()) + digits;
    }
}

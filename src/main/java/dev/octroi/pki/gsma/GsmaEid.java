package dev.octroi.pki.gsma;

import java.math.BigInteger;

/** Numbers test eUICCs: 32 digits with the prefix of the test manufacturer and two check digits. */
public final class GsmaEid {
    /** The EID prefix (issuer identification number) that the test EUM may certify. */
    public static final String TEST_PREFIX = "89049032";

    private static final BigInteger MODULUS = BigInteger.valueOf(97);

    private GsmaEid() {}

    /**
     * The EID of the test eUICC with the given number.
     *
     * @param number 0 or more
     */
    public static String test(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative number of an eUICC");
        }
        return withCheckDigits(TEST_PREFIX + "%022d".formatted(number));
    }

    /** Whether the text is 32 digits whose value modulo 97 is 1 (SGP.29 §2.3, as ISO 7064 MOD 97-10). */
    public static boolean isValid(String eid) {
        return eid.length() == 32
                && eid.chars().allMatch(c -> c >= '0' && c <= '9')
                && new BigInteger(eid).mod(MODULUS).equals(BigInteger.ONE);
    }

    private static String withCheckDigits(String first30) {
        int rest = new BigInteger(first30 + "00").mod(MODULUS).intValue();
        return first30 + "%02d".formatted(98 - rest);
    }
}

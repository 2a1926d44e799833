package dev.octroi.secret;

import java.util.Locale;

/** What an indexed value is. Each kind has an index of its own, so equal digits of two kinds do not meet. */
public enum IdentifierKind {
    /** Integrated circuit card identifier, 18 to 20 digits, BCD padding dropped (ITU-T E.118). */
    ICCID,
    /** eUICC identifier, 32 digits (SGP.02 §2.2.2). */
    EID,
    /** International mobile subscriber identity, up to 15 digits (ITU-T E.212). */
    IMSI,
    /** Telephone number, digits with the country code and without plus sign (ITU-T E.164). */
    MSISDN,
    /** Equipment identity, 14 to 16 digits (3GPP TS 23.003 §6). */
    IMEI,
    /** Matching identifier of an activation code, letters in any case (SGP.22 §4.1.1). */
    MATCHING_ID,
    /** A bearer value such as a magic link or a one-time code, kept as it is. */
    TOKEN,
    /** An e-mail address, compared without regard to case. */
    EMAIL;

    /** The form under which a value is indexed: the same for each way to write it. */
    public String normalise(String value) {
        return switch (this) {
            case ICCID, EID, IMSI, MSISDN, IMEI -> digits(value);
            case MATCHING_ID -> value.strip().toUpperCase(Locale.ROOT);
            case EMAIL -> value.strip().toLowerCase(Locale.ROOT);
            case TOKEN -> value;
        };
    }

    /** Drops everything but ASCII digits: BCD padding, blanks, dashes, the plus sign. */
    private static String digits(String value) {
        StringBuilder digits = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= '0' && c <= '9') {
                digits.append(c);
            }
        }
        return digits.toString();
    }
}

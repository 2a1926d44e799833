package dev.octroi.rsp.profile;

import java.util.Locale;

/** Why a profile package cannot be used here. */
public enum PackageFault {
    /** It is no sequence of BER elements with definite lengths. */
    NOT_DER,
    /** It is longer than {@link ProfileTemplate#MAX_BYTES}. */
    TOO_LARGE,
    /** The first profile element is not the header. */
    HEADER_MISSING,
    /** The last profile element is not the end, or one stands before the last. */
    END_MISSING,
    /** Another major version of the interoperable format than 2 and 3. */
    VERSION_UNSUPPORTED,
    /** A profile element is not made as the format says. */
    ELEMENT_MALFORMED,
    /** Two profile elements have one identification, so an error of a card could not be traced. */
    IDENTIFICATION_REPEATED,
    /** A profile element that the format does not name, and that the package says a card must understand. */
    ELEMENT_UNKNOWN,
    /** A profile element without which no device could register is not there. */
    ELEMENT_MISSING,
    /** A profile element stands before another that it builds on. */
    ELEMENT_ORDER,
    /** EF.ICCID is not there, or its content is made of a pattern that cannot be written over. */
    ICCID_MISSING,
    /** Header and EF.ICCID name different profiles. */
    ICCID_MISMATCH,
    /** EF.IMSI of the USIM is not there, or its content is made of a pattern that cannot be written over. */
    IMSI_MISSING,
    /** More than one USIM has an IMSI of its own; a row of a batch names one subscriber. */
    IMSI_AMBIGUOUS,
    /** No authentication parameters have a key, or keys of different lengths. */
    KEY_MISSING,
    /** Milenage without OPc, or TUAK without TOPc. */
    OPC_MISSING;

    /** The form in answers, such as {@code iccid_missing}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}

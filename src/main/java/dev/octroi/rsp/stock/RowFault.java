package dev.octroi.rsp.stock;

import java.util.Locale;

/** Why a row of a batch was not imported; the sentence never holds a value of the row. */
public enum RowFault {
    /** The line is no row of comma-separated values. */
    LINE("The line cannot be read as comma-separated values."),
    /** The line has more columns than the header. */
    COLUMNS("The line has more columns than the header."),
    /** No ICCID. */
    ICCID("The ICCID has 18 to 20 digits."),
    /** No IMSI. */
    IMSI("The IMSI has 6 to 15 digits."),
    /** An IMSI of another length than the identities of the package's ISIM. */
    IMSI_LENGTH("The package's ISIM names subscribers by IMSIs of another length."),
    /** K of another length than the package has. */
    K("K is hexadecimal and as long as in the package."),
    /** OPc of another length than the package has. */
    OPC("OPc is hexadecimal and as long as in the package."),
    /** Too long a name. */
    SERVICE_PROVIDER_NAME("The service provider name has at most 32 bytes."),
    /** Too long a name. */
    PROFILE_NAME("The profile name has at most 64 bytes."),
    /** No matching id. */
    MATCHING_ID("A matching id has 1 to 200 capital letters, digits and dashes."),
    /** No EID. */
    EID("An EID has 32 digits."),
    /** Nobody could be asked for the code. */
    CONFIRMATION_CODE("A confirmation code has 1 to 64 characters and needs a matching id or an EID."),
    /** No PUK. */
    PUK("A PUK has 8 digits."),
    /** No ADM. */
    ADM("An ADM code has 8 digits, or 16 hexadecimal digits."),
    /** The ICCID belongs to a profile with other values. */
    ICCID_IN_USE("The ICCID belongs to a profile with other values."),
    /** The profile is there without the row's order. */
    ORDER_DIFFERS("The profile is there without this matching id, EID or confirmation code."),
    /** The IMSI belongs to another profile. */
    IMSI_IN_USE("The IMSI belongs to another profile."),
    /** The matching id belongs to another profile. */
    MATCHING_ID_IN_USE("The matching id belongs to another profile.");

    private final String sentence;

    RowFault(String sentence) {
        this.sentence = sentence;
    }

    /** The form in answers, such as {@code iccid_in_use}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The fault for people. */
    public String sentence() {
        return sentence;
    }
}

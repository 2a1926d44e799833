package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

/**
 * Why a function was refused: subject and reason code of SGP.22 §5.2.6, with a sentence for people.
 *
 * @param subjectCode such as 8.2.6
 * @param reasonCode such as 3.8
 * @param message what happened and who must act; carries no identifier
 */
public record GsmaStatus(String subjectCode, String reasonCode, String message) {
    public static final GsmaStatus INVALID_INPUT = of("1.6", "2.1", "A field of the request is not well-formed.");
    public static final GsmaStatus MISSING_INPUT = of("1.6", "2.2", "A mandatory field of the request is missing.");
    public static final GsmaStatus EXECUTION_ERROR =
            of("1.2", "4.2", "The server could not carry out the function. Try again.");
    public static final GsmaStatus BUSY = of("1.2", "4.4", "The server is busy. Try again in a moment.");
    public static final GsmaStatus UNKNOWN_REQUESTER = of("1.1", "1.1", "The caller is not known here.");
    public static final GsmaStatus REQUESTER_NOT_ALLOWED = of("1.1", "1.2", "The caller may not use this function.");

    public static final GsmaStatus ADDRESS_REFUSED =
            of("8.8.1", "3.8", "The activation code names another server. Check the code.");
    public static final GsmaStatus NO_COMMON_CARD_ISSUER =
            of("8.8.2", "3.1", "This server does not trust any certificate issuer of the eSIM chip.");
    public static final GsmaStatus VERSION_UNSUPPORTED =
            of("8.8.3", "3.1", "The eSIM chip speaks a version of the standard that this server does not support.");
    public static final GsmaStatus NO_COMMON_SERVER_ISSUER =
            of("8.8.4", "3.7", "The eSIM chip does not trust any certificate of this server.");

    public static final GsmaStatus TRANSACTION_UNKNOWN =
            of("8.10.1", "3.9", "The download session is over or unknown. Start again with the activation code.");
    public static final GsmaStatus ISSUER_UNKNOWN = of(
            "8.11.1", "3.9", "The manufacturer of the eSIM chip was certified by an issuer that is not trusted here.");
    public static final GsmaStatus MANUFACTURER_INVALID =
            of("8.1.2", "6.1", "The certificate of the eSIM chip's manufacturer could not be verified.");
    public static final GsmaStatus MANUFACTURER_EXPIRED =
            of("8.1.2", "6.3", "The certificate of the eSIM chip's manufacturer has expired.");
    public static final GsmaStatus CARD_INVALID =
            of("8.1.3", "6.1", "The certificate of the eSIM chip could not be verified.");
    public static final GsmaStatus CARD_EXPIRED = of("8.1.3", "6.3", "The certificate of the eSIM chip has expired.");
    public static final GsmaStatus SIGNATURE_INVALID =
            of("8.1", "6.1", "What the eSIM chip signed could not be verified. Start the download again.");
    public static final GsmaStatus MEMORY_INSUFFICIENT =
            of("8.1", "4.8", "The eSIM chip has no room for this profile. Delete a profile and try again.");

    public static final GsmaStatus PROFILE_NOT_RELEASED =
            of("8.2", "1.2", "The profile is not released yet. Ask the seller to release it.");
    public static final GsmaStatus MATCHING_ID_REFUSED =
            of("8.2.6", "3.8", "The activation code is unknown or already used. Ask the seller for a new one.");
    public static final GsmaStatus EID_REFUSED =
            of("8.1.1", "3.8", "The profile is reserved for another device. Use that device or ask the seller.");
    public static final GsmaStatus NOT_ELIGIBLE =
            of("8.2.5", "4.3", "This device cannot use this profile. Ask the seller for another one.");
    public static final GsmaStatus ORDER_EXPIRED =
            of("8.8.5", "4.10", "The time to download this profile is over. Ask the seller for a new one.");
    public static final GsmaStatus ATTEMPTS_EXCEEDED =
            of("8.8.5", "6.4", "The profile was downloaded too often without success. Ask the seller to reset it.");

    public static final GsmaStatus CONFIRMATION_MISSING =
            of("8.2.7", "2.2", "This profile needs the confirmation code that the seller gave out.");
    public static final GsmaStatus CONFIRMATION_WRONG =
            of("8.2.7", "3.8", "The confirmation code is wrong. Check it and try again.");
    public static final GsmaStatus CONFIRMATION_EXCEEDED =
            of("8.2.7", "6.4", "The confirmation code was wrong too often. Ask the seller to reset the profile.");
    public static final GsmaStatus REBINDING_REFUSED =
            of("8.2", "3.7", "The profile is bound to another attempt and cannot be bound again.");

    public static final GsmaStatus SERVER_OID_MISMATCH =
            of("8.8", "3.10", "The cancellation was meant for another server.");

    public static final GsmaStatus CONDITIONAL_INPUT_MISSING =
            of("1.6", "2.3", "One of the fields that belong together is missing.");
    public static final GsmaStatus ICCID_UNKNOWN = of("8.2.1", "3.9", "There is no such profile.");
    public static final GsmaStatus ICCID_NOT_ALLOWED =
            of("8.2.1", "1.2", "The profile is not in a state for this function.");
    public static final GsmaStatus ICCID_IN_USE = of("8.2.1", "3.3", "The profile is in use already.");
    public static final GsmaStatus INVALID_TRANSITION =
            of("8.2.1", "3.5", "The profile cannot be released from the state that it is in.");
    public static final GsmaStatus TYPE_UNKNOWN = of("8.2.5", "3.9", "There is no such profile type.");
    public static final GsmaStatus TYPE_USED_UP = of("8.2.5", "3.7", "No profile of this type is left.");
    public static final GsmaStatus EID_MISSING =
            of("8.1.1", "2.2", "Without a matching id the order needs the EID of the device.");
    public static final GsmaStatus EID_MISMATCH = of("8.1.1", "3.10", "The order is for another device.");
    public static final GsmaStatus MATCHING_ID_IN_USE = of("8.2.6", "3.3", "The matching id is in use already.");
    public static final GsmaStatus MATCHING_ID_MISMATCH = of("8.2.6", "3.10", "The order has another matching id.");
    public static final GsmaStatus DISCOVERY_UNREACHABLE =
            of("8.9", "5.1", "The discovery server cannot be reached from here.");

    public GsmaStatus {
        requireNonNull(subjectCode, "subjectCode is null");
        requireNonNull(reasonCode, "reasonCode is null");
        requireNonNull(message, "message is null");
    }

    private static GsmaStatus of(String subjectCode, String reasonCode, String message) {
        return new GsmaStatus(subjectCode, reasonCode, message);
    }

    /** Both codes, such as 8.2.6/3.8. */
    @Override
    public String toString() {
        return subjectCode + "/" + reasonCode;
    }
}

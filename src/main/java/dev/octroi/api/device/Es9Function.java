package dev.octroi.api.device;

import dev.octroi.rsp.session.GsmaStatus;
import java.util.Map;

/** The functions of ES9+ with their names in JSON and their tags and error numbers in ASN.1 (SGP.22 §6.6). */
@SuppressWarnings("ImmutableEnumChecker")
enum Es9Function {
    INITIATE_AUTHENTICATION(
            "initiateAuthentication",
            0xBF39,
            Map.of(
                    GsmaStatus.ADDRESS_REFUSED, 1,
                    GsmaStatus.VERSION_UNSUPPORTED, 2,
                    GsmaStatus.NO_COMMON_SERVER_ISSUER, 3,
                    GsmaStatus.NO_COMMON_CARD_ISSUER, 3)),
    AUTHENTICATE_CLIENT(
            "authenticateClient",
            0xBF3B,
            Map.ofEntries(
                    Map.entry(GsmaStatus.MANUFACTURER_INVALID, 1),
                    Map.entry(GsmaStatus.MANUFACTURER_EXPIRED, 2),
                    Map.entry(GsmaStatus.CARD_INVALID, 3),
                    Map.entry(GsmaStatus.CARD_EXPIRED, 4),
                    Map.entry(GsmaStatus.SIGNATURE_INVALID, 5),
                    Map.entry(GsmaStatus.MATCHING_ID_REFUSED, 6),
                    Map.entry(GsmaStatus.EID_REFUSED, 7),
                    Map.entry(GsmaStatus.NOT_ELIGIBLE, 8),
                    Map.entry(GsmaStatus.ISSUER_UNKNOWN, 9),
                    Map.entry(GsmaStatus.TRANSACTION_UNKNOWN, 10),
                    Map.entry(GsmaStatus.MEMORY_INSUFFICIENT, 11))),
    GET_BOUND_PROFILE_PACKAGE(
            "getBoundProfilePackage",
            0xBF3A,
            Map.of(
                    GsmaStatus.SIGNATURE_INVALID, 1,
                    GsmaStatus.CONFIRMATION_MISSING, 2,
                    GsmaStatus.CONFIRMATION_WRONG, 3,
                    GsmaStatus.CONFIRMATION_EXCEEDED, 4,
                    GsmaStatus.REBINDING_REFUSED, 5,
                    GsmaStatus.ORDER_EXPIRED, 6,
                    GsmaStatus.TRANSACTION_UNKNOWN, 95)),
    CANCEL_SESSION("cancelSession", 0xBF41, Map.of(GsmaStatus.TRANSACTION_UNKNOWN, 1, GsmaStatus.SIGNATURE_INVALID, 2)),
    HANDLE_NOTIFICATION("handleNotification", 0xBF3D, Map.of());

    private static final int UNDEFINED_ERROR = 127;

    private final String path;
    private final int tag;
    private final Map<GsmaStatus, Integer> errors;

    Es9Function(String path, int tag, Map<GsmaStatus, Integer> errors) {
        this.path = path;
        this.tag = tag;
        this.errors = errors;
    }

    /** The last part of the URL. */
    String path() {
        return path;
    }

    /** The tag of request and response in the ASN.1 binding. */
    int tag() {
        return tag;
    }

    /** The number that says in ASN.1 what the status says in JSON. */
    int errorNumber(GsmaStatus status) {
        return errors.getOrDefault(status.plain(), UNDEFINED_ERROR);
    }
}

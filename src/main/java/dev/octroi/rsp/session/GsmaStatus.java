package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.words.StatusCode;
import dev.octroi.rsp.words.StatusWords;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a function was refused: subject and reason code of SGP.22 §5.2.6, with a sentence for people.
 *
 * @param subjectCode such as 8.2.6
 * @param reasonCode such as 3.8
 * @param message what happened and who must act, in English for support; carries no identifier
 * @param detail the card's own reason, as {@link StatusCode#detail()} has it; or null
 */
public record GsmaStatus(
        String subjectCode,
        String reasonCode,
        String message,
        @Nullable String detail) {
    private static final int MAX_CODE = 20;
    private static final int MAX_MESSAGE = 200;
    private static final Pattern LONG_NUMBER = Pattern.compile("[0-9]{10,}");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    public static final GsmaStatus INVALID_INPUT = of("1.6", "2.1");
    public static final GsmaStatus MISSING_INPUT = of("1.6", "2.2");
    public static final GsmaStatus EXECUTION_ERROR = of("1.2", "4.2");
    public static final GsmaStatus BUSY = of("1.2", "4.4");
    public static final GsmaStatus UNKNOWN_REQUESTER = of("1.1", "1.1");
    public static final GsmaStatus REQUESTER_NOT_ALLOWED = of("1.1", "1.2");

    public static final GsmaStatus ADDRESS_REFUSED = of("8.8.1", "3.8");
    public static final GsmaStatus NO_COMMON_CARD_ISSUER = of("8.8.2", "3.1");
    public static final GsmaStatus VERSION_UNSUPPORTED = of("8.8.3", "3.1");
    public static final GsmaStatus NO_COMMON_SERVER_ISSUER = of("8.8.4", "3.7");

    public static final GsmaStatus TRANSACTION_UNKNOWN = of("8.10.1", "3.9");
    public static final GsmaStatus ISSUER_UNKNOWN = of("8.11.1", "3.9");
    public static final GsmaStatus MANUFACTURER_INVALID = of("8.1.2", "6.1");
    public static final GsmaStatus MANUFACTURER_EXPIRED = of("8.1.2", "6.3");
    public static final GsmaStatus CARD_INVALID = of("8.1.3", "6.1");
    public static final GsmaStatus CARD_EXPIRED = of("8.1.3", "6.3");
    public static final GsmaStatus SIGNATURE_INVALID = of("8.1", "6.1");
    public static final GsmaStatus MEMORY_INSUFFICIENT = of("8.1", "4.8");

    public static final GsmaStatus PROFILE_NOT_RELEASED = of("8.2", "1.2");
    public static final GsmaStatus MATCHING_ID_REFUSED = of("8.2.6", "3.8");
    public static final GsmaStatus EID_REFUSED = of("8.1.1", "3.8");
    public static final GsmaStatus NOT_ELIGIBLE = of("8.2.5", "4.3");
    public static final GsmaStatus ORDER_EXPIRED = of("8.8.5", "4.10");
    public static final GsmaStatus ATTEMPTS_EXCEEDED = of("8.8.5", "6.4");

    public static final GsmaStatus CONFIRMATION_MISSING = of("8.2.7", "2.2");
    public static final GsmaStatus CONFIRMATION_WRONG = of("8.2.7", "3.8");
    public static final GsmaStatus CONFIRMATION_EXCEEDED = of("8.2.7", "6.4");
    public static final GsmaStatus REBINDING_REFUSED = of("8.2", "3.7");

    public static final GsmaStatus SERVER_OID_MISMATCH = of("8.8", "3.10");

    public static final GsmaStatus CONDITIONAL_INPUT_MISSING = of("1.6", "2.3");
    public static final GsmaStatus ICCID_UNKNOWN = of("8.2.1", "3.9");
    public static final GsmaStatus ICCID_NOT_ALLOWED = of("8.2.1", "1.2");
    public static final GsmaStatus ICCID_NOT_OWNED =
            new GsmaStatus("8.2.1", "1.2", "The profile was ordered by another operator.");
    public static final GsmaStatus ICCID_IN_USE = of("8.2.1", "3.3");
    public static final GsmaStatus INVALID_TRANSITION = of("8.2.1", "3.5");
    public static final GsmaStatus TYPE_NOT_ALLOWED = of("8.2.5", "1.2");
    public static final GsmaStatus TYPE_REFUSED = of("8.2.5", "3.8");
    public static final GsmaStatus TYPE_UNKNOWN = of("8.2.5", "3.9");
    public static final GsmaStatus TYPE_USED_UP = of("8.2.5", "3.7");
    public static final GsmaStatus EID_MISSING = of("8.1.1", "2.2");
    public static final GsmaStatus EID_MISMATCH = of("8.1.1", "3.10");
    public static final GsmaStatus MATCHING_ID_IN_USE = of("8.2.6", "3.3");
    public static final GsmaStatus MATCHING_ID_MISMATCH = of("8.2.6", "3.10");
    public static final GsmaStatus DISCOVERY_UNREACHABLE = of("8.9", "5.1");

    public GsmaStatus {
        requireNonNull(subjectCode, "subjectCode is null");
        requireNonNull(reasonCode, "reasonCode is null");
        requireNonNull(message, "message is null");
    }

    /** A status with a message of its own, such as one that another server sent. */
    public GsmaStatus(String subjectCode, String reasonCode, String message) {
        this(subjectCode, reasonCode, message, null);
    }

    /**
     * A status as another server told it. A vendor's message may quote a number of a card, and the database keeps no NUL: long
     * numbers and control characters are blotted out, and what is too long is cut.
     */
    public static GsmaStatus told(String subjectCode, String reasonCode, String message) {
        return new GsmaStatus(cut(subjectCode, MAX_CODE), cut(reasonCode, MAX_CODE), cut(message, MAX_MESSAGE));
    }

    private static String cut(String text, int length) {
        String safe = LONG_NUMBER.matcher(text).replaceAll("…");
        safe = CONTROL.matcher(safe).replaceAll(" ");
        return safe.length() <= length ? safe : safe.substring(0, length);
    }

    /** A status with the message that its codes have in the words of this product. */
    public static GsmaStatus of(String subjectCode, String reasonCode) {
        return of(subjectCode, reasonCode, null);
    }

    /** As {@link #of(String, String)}, with the reason that the card gave. */
    public static GsmaStatus of(String subjectCode, String reasonCode, @Nullable String detail) {
        String message = StatusWords.support(new StatusCode(subjectCode, reasonCode, detail), Locale.ENGLISH);
        return new GsmaStatus(subjectCode, reasonCode, message, detail);
    }

    /** The same status with the reason that the card gave. */
    public GsmaStatus because(String reason) {
        return of(subjectCode, reasonCode, reason);
    }

    /** The same status without the card's own reason. */
    public GsmaStatus plain() {
        return detail == null ? this : of(subjectCode, reasonCode);
    }

    /** What its sentences are looked up by. */
    public StatusCode code() {
        return new StatusCode(subjectCode, reasonCode, detail);
    }

    /** Both codes, such as 8.2.6/3.8. */
    @Override
    public String toString() {
        return subjectCode + "/" + reasonCode;
    }
}

package dev.octroi.usage.radius;

import static java.util.Objects.requireNonNull;

import dev.octroi.radius.MalformedRadiusException;
import dev.octroi.radius.RadiusAttributes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an Accounting-Request says of one session (RFC 2866 §5, RFC 2869 §5, 3GPP TS 29.061 §16.4.7).
 *
 * @param status what it is about
 * @param session whose counters these are: sender, session and charging identifier together
 * @param upBytes sent by the device since the session began; 0 also where that is left out
 * @param downBytes received by the device since the session began; 0 also where that is left out
 * @param counterBits 64 where the sender counts the wraps of its counters (gigawords), else 32
 * @param seconds how long the session lasts
 * @param eventTime when the sender took the counters, where it says so
 * @param delay since when it tries to tell
 */
record AccountingRequest(
        Status status,
        String session,
        long upBytes,
        long downBytes,
        int counterBits,
        long seconds,
        Optional<Instant> eventTime,
        Duration delay) {
    private static final int NAS_IP_ADDRESS = 4;
    private static final int NAS_IDENTIFIER = 32;
    private static final int NAS_IPV6_ADDRESS = 95;
    private static final int ACCT_STATUS_TYPE = 40;
    private static final int ACCT_DELAY_TIME = 41;
    private static final int ACCT_INPUT_OCTETS = 42;
    private static final int ACCT_OUTPUT_OCTETS = 43;
    private static final int ACCT_SESSION_ID = 44;
    private static final int ACCT_SESSION_TIME = 46;
    private static final int ACCT_INPUT_GIGAWORDS = 52;
    private static final int ACCT_OUTPUT_GIGAWORDS = 53;
    private static final int EVENT_TIMESTAMP = 55;
    private static final int CHARGING_ID_3GPP = 2;
    private static final int GIGAWORD_BITS = 32;
    /** Seconds are whole ones, and a packet is under way for some time. */
    private static final Duration ROUNDED_OFF = Duration.ofSeconds(2);

    private static final int MAX_WRAPS = Integer.MAX_VALUE;

    AccountingRequest {
        requireNonNull(status, "status is null");
        requireNonNull(session, "session is null");
        requireNonNull(eventTime, "eventTime is null");
        requireNonNull(delay, "delay is null");
    }

    /** Acct-Status-Type. */
    enum Status {
        /** A session begins. */
        START,
        /** A session ended. */
        STOP,
        /** The counters of a session in between. */
        INTERIM,
        /** The sender itself begins or ends to account; there is nothing to count. */
        SENDER;

        private static Status of(long code) throws MalformedRadiusException {
            return switch ((int) code) {
                case 1 -> START;
                case 2 -> STOP;
                case 3 -> INTERIM;
                case 7, 8 -> SENDER;
                default -> throw new MalformedRadiusException("an Acct-Status-Type that is not known");
            };
        }
    }

    static AccountingRequest read(RadiusAttributes in) throws MalformedRadiusException {
        Status status = Status.of(in.number(ACCT_STATUS_TYPE)
                .orElseThrow(() -> new MalformedRadiusException("Acct-Status-Type is missing")));
        OptionalLong up = in.number(ACCT_INPUT_OCTETS);
        OptionalLong down = in.number(ACCT_OUTPUT_OCTETS);
        OptionalLong upWraps = in.number(ACCT_INPUT_GIGAWORDS);
        OptionalLong downWraps = in.number(ACCT_OUTPUT_GIGAWORDS);
        OptionalLong eventTime = in.number(EVENT_TIMESTAMP);
        return new AccountingRequest(
                status,
                status == Status.SENDER ? "" : session(in),
                bytes(up, upWraps),
                bytes(down, downWraps),
                upWraps.isPresent() || downWraps.isPresent() ? 64 : 32,
                in.number(ACCT_SESSION_TIME).orElse(0),
                eventTime.isPresent() ? Optional.of(Instant.ofEpochSecond(eventTime.getAsLong())) : Optional.empty(),
                Duration.ofSeconds(in.number(ACCT_DELAY_TIME).orElse(0)));
    }

    /** The end of what the counters cover. */
    Instant eventEnd(Instant receivedAt) {
        return eventTime.orElseGet(() -> receivedAt.minus(delay));
    }

    /**
     * When the session began, for whoever has not heard of it; empty where it does not say how long it lasts, or is over. By the clock of whoever
     * receives it, and not before it was: what the sender leaves out of its seconds is taken off.
     */
    Optional<Instant> begunBefore(Instant receivedAt) {
        return status == Status.INTERIM && seconds > 0
                ? Optional.of(receivedAt.minus(delay).minusSeconds(seconds).minus(ROUNDED_OFF))
                : Optional.empty();
    }

    /**
     * Whether it says something of the counters: octets are optional (RFC 2866 §5.13), and a session that begins has used
     * nothing. A reading of nothing at all adds nothing either.
     */
    boolean isReading() {
        return upBytes > 0 || downBytes > 0;
    }

    private static long bytes(OptionalLong octets, OptionalLong wraps) {
        // A sum beyond the range stays one, so that the record is refused as too large.
        return wraps.orElse(0) > MAX_WRAPS ? Long.MAX_VALUE : (wraps.orElse(0) << GIGAWORD_BITS) | octets.orElse(0);
    }

    private static String session(RadiusAttributes in) throws MalformedRadiusException {
        byte[] id = in.first(ACCT_SESSION_ID)
                .filter(bytes -> bytes.length > 0)
                .orElseThrow(() -> new MalformedRadiusException("Acct-Session-Id is missing"));
        byte[] sender = in.first(NAS_IDENTIFIER)
                .or(() -> in.first(NAS_IP_ADDRESS))
                .or(() -> in.first(NAS_IPV6_ADDRESS))
                .orElseGet(() -> new byte[0]);
        byte[] bearer = in.first3gpp(CHARGING_ID_3GPP).orElseGet(() -> new byte[0]);
        HexFormat hex = HexFormat.of();
        return hex.formatHex(sender) + "/" + new String(id, StandardCharsets.ISO_8859_1) + "/" + hex.formatHex(bearer);
    }
}

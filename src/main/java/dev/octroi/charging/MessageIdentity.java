package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.ChargeAnswer;
import dev.octroi.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

/**
 * By what a message that comes again is known.
 *
 * @param text among all creations of a consumer, else within the session
 * @param replay for how long another one with it is the same
 */
record MessageIdentity(String text, Duration replay) {
    /** A creation that comes again is the same one within this. */
    private static final Duration CREATE_REPLAY = Duration.ofHours(1);
    /** Within a session numbers do not come back. */
    private static final Duration NUMBERED_REPLAY = Duration.ofDays(3);
    /** Where messages have no numbers, the same bytes within this are the same message. */
    private static final Duration SAME_BYTES_REPLAY = Duration.ofSeconds(5);

    private static final int HASH_BYTES = 16;
    private static final int REPORT_DIGITS = 16;

    MessageIdentity {
        requireNonNull(text, "text is null");
        requireNonNull(replay, "replay is null");
    }

    static MessageIdentity ofCreation(ChargingProfile profile, ChargingMessage message, String imsi, byte[] body) {
        return profile.numbersMessages() && message.namesItsSession()
                ? new MessageIdentity("c:" + hash(created(message, imsi)), CREATE_REPLAY)
                : new MessageIdentity("c:" + hash(body), SAME_BYTES_REPLAY);
    }

    /** @param prefix tells the kinds of messages apart */
    static MessageIdentity within(ChargingProfile profile, String prefix, ChargingMessage message, byte[] body) {
        return profile.numbersMessages()
                ? new MessageIdentity(
                        prefix + message.sequence() + ChargeAnswer.REPORT + reported(message), NUMBERED_REPLAY)
                : new MessageIdentity(prefix + hash(body), SAME_BYTES_REPLAY);
    }

    /**
     * What is the same in a creation that comes again and in no other. The time is part of it: a consumer counts anew when it
     * restarts, and may give the same numbers to another session.
     */
    private static String created(ChargingMessage message, String imsi) {
        return String.join(
                "|",
                message.consumerName(),
                imsi,
                message.chargingId().toString(),
                message.smfChargingId().toString(),
                message.pduSessionId().toString(),
                Long.toString(message.sequence()),
                message.at().toString());
    }

    /** What is the same in a report that comes again, and hardly in two: not its time, which may be that of sending. */
    private static String reported(ChargingMessage message) {
        StringBuilder text = new StringBuilder();
        for (ChargingMessage.UnitUsage usage : message.usages()) {
            for (ChargingMessage.Container container : usage.containers()) {
                text.append(usage.ratingGroup())
                        .append('|')
                        .append(usage.upfId().orElse(""))
                        .append('|')
                        .append(container.sequence())
                        .append('|')
                        .append(container.upBytes())
                        .append('|')
                        .append(container.downBytes())
                        .append('\n');
            }
        }
        return hash(text.toString()).substring(0, REPORT_DIGITS);
    }

    /** 32 hexadecimal digits that no two texts share. */
    static String hash(String text) {
        return hash(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.of(bytes), 0, HASH_BYTES);
    }
}

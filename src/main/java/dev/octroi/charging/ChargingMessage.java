package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.SessionPlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A ChargingDataRequest, as far as it is used (3GPP TS 32.291 §6.1.6.2.1.1).
 *
 * @param consumerName the name or addresses that the consumer gives itself
 * @param imsi digits of the subscriber; empty when none or another identity was given
 * @param at invocationTimeStamp
 * @param sequence invocationSequenceNumber
 * @param oneTimeEvent whether there is no session after this message
 * @param notifyUri where notifications go
 * @param chargingId identity of the charged resource in the consumer
 * @param smfChargingId the same where it is a text (sMFchargingId)
 * @param pduSessionId identity of the PDU session in the device
 * @param place where the device is now
 * @param rat radio access
 * @param imei 14 to 16 digits of the device
 * @param namesFeatures whether it says which optional features its consumer supports
 * @param usages what is reported and asked for, by rating group and UPF
 */
record ChargingMessage(
        String consumerName,
        Optional<String> imsi,
        Instant at,
        long sequence,
        boolean oneTimeEvent,
        Optional<String> notifyUri,
        OptionalLong chargingId,
        Optional<String> smfChargingId,
        OptionalLong pduSessionId,
        Optional<SessionPlace> place,
        Optional<String> rat,
        Optional<String> imei,
        boolean namesFeatures,
        List<UnitUsage> usages) {
    ChargingMessage {
        requireNonNull(at, "at is null");
        usages = List.copyOf(usages);
    }

    /** Whether it says which session it opens. */
    boolean namesItsSession() {
        return chargingId.isPresent() || smfChargingId.isPresent() || pduSessionId.isPresent();
    }

    /** What it reports and is not counted. */
    long ignoredBytes() {
        return usages.stream().mapToLong(UnitUsage::ignoredBytes).sum();
    }

    /** Those that ask for volume and are answered. */
    List<UnitUsage> asking() {
        return usages.stream().filter(UnitUsage::asks).limit(GrantHolder.MOST).toList();
    }

    /** Those that ask for volume and are one too many: they are given nothing, so that the answer stays short. */
    List<UnitUsage> askingTooMany() {
        return usages.stream().filter(UnitUsage::asks).skip(GrantHolder.MOST).toList();
    }

    /**
     * A rating group of a message, or the part of it that leaves at one UPF.
     *
     * @param asks whether it asks for volume
     * @param upfId echoed in the answer
     * @param ignoredBytes what was left out of the containers, because it is charged offline
     */
    record UnitUsage(
            long ratingGroup, boolean asks, Optional<String> upfId, List<Container> containers, long ignoredBytes) {
        UnitUsage {
            containers = List.copyOf(containers);
        }

        /** With another entry about the same part of the same group. */
        UnitUsage and(UnitUsage other) {
            List<Container> all = new ArrayList<>(containers);
            all.addAll(other.containers);
            return new UnitUsage(
                    ratingGroup, asks || other.asks, upfId, all, Math.addExact(ignoredBytes, other.ignoredBytes));
        }

        /** Whether what was granted is not going to be used any more. */
        boolean returns() {
            return containers.stream().anyMatch(Container::isLast);
        }
    }

    /**
     * What was used.
     *
     * @param sequence localSequenceNumber
     * @param at when the container was closed
     * @param isLast whether a trigger says that the quota is given back
     */
    record Container(
            long sequence,
            Optional<Instant> at,
            long upBytes,
            long downBytes,
            Optional<SessionPlace> place,
            Optional<String> rat,
            boolean isLast) {}
}

package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.drain.Category;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes usage records of what the containers of a message report. */
final class ContainerRecords {
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final Ids ids;
    private final Duration latenessHorizon;

    /** @param latenessHorizon containers that were closed longer ago count at the moment they arrive */
    ContainerRecords(Ids ids, Duration latenessHorizon) {
        this.ids = requireNonNull(ids, "ids is null");
        this.latenessHorizon = requireNonNull(latenessHorizon, "latenessHorizon is null");
    }

    List<UsageRecord> of(NfConsumer consumer, ChargingRef ref, ChargingMessage message, Instant now) {
        List<UsageRecord> records = new ArrayList<>();
        String session = Long.toHexString(ref.number()) + ".";
        boolean numbered = consumer.profile().numbersMessages();
        String unnumbered =
                numbered ? "" : Long.toHexString(ids.next(ref.account().vshard()));
        for (ChargingMessage.UnitUsage usage : message.usages()) {
            String part = numbered ? part(usage) : unnumbered;
            for (ChargingMessage.Container container : usage.containers()) {
                long number = numbered ? container.sequence() : records.size();
                records.add(record(consumer, session + part + "." + number, message, container, now));
            }
        }
        return records;
    }

    /** A time of a foreign clock as far as it can be believed. */
    Instant countableAt(Instant at, Instant now) {
        return at.isAfter(now.plus(CLOCK_SKEW)) || at.isBefore(now.minus(latenessHorizon)) ? now : at;
    }

    /** Containers are numbered within it. */
    private static String part(ChargingMessage.UnitUsage usage) {
        return usage.upfId()
                .map(upf -> usage.ratingGroup() + "-" + MessageIdentity.hash(upf))
                .orElseGet(() -> Long.toString(usage.ratingGroup()));
    }

    private UsageRecord record(
            NfConsumer consumer,
            String key,
            ChargingMessage message,
            ChargingMessage.Container container,
            Instant now) {
        Instant end = countableAt(container.at().orElse(message.at()), now);
        var place = container.place();
        return new UsageRecord(
                consumer.source(),
                key,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                end,
                end,
                now,
                container.upBytes(),
                container.downBytes(),
                place.map(at -> at.plmn()).orElse(ChargeCommand.UNKNOWN_PLMN),
                place.map(at -> at.country()).orElse("ZZ"),
                place.map(at -> at.area()).orElse(null),
                container.rat().or(message::rat).orElse("unknown"),
                Category.OTHER);
    }
}

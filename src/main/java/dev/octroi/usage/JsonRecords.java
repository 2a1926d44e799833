package dev.octroi.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.drain.Category;
import dev.octroi.quota.UsageRecord;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the JSON form of usage records and location reports. Numbers of subscribers become keyed hashes right here. */
final class JsonRecords {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,80}");
    private static final Pattern IMSI = Pattern.compile("[0-9]{6,15}");
    private static final Pattern ICCID = Pattern.compile("[0-9]{18,20}[Ff]?");
    private static final Pattern PLMN = Pattern.compile("[0-9]{3}-[0-9]{2,3}");
    private static final Pattern TAC = Pattern.compile("[0-9A-F]{1,6}");
    private static final Pattern CELL = Pattern.compile("[0-9A-F]{1,9}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,20}");
    private static final Pattern DESTINATION = Pattern.compile("[A-Za-z0-9._:/-]{1,64}");
    private static final Set<String> USAGE_MEMBERS = Set.of(
            "id",
            "imsi",
            "iccid",
            "meaning",
            "session",
            "sessionStart",
            "counterBits",
            "start",
            "end",
            "up",
            "down",
            "remaining",
            "total",
            "plmn",
            "tac",
            "cell",
            "rat",
            "category",
            "destinationClass",
            "imei",
            "imeisv");
    private static final Set<String> LOCATION_MEMBERS =
            Set.of("imsi", "iccid", "plmn", "tac", "cell", "at", "imei", "imeisv");
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(4)
                            .maxStringLength(512)
                            .maxNumberLength(40)
                            .maxNameLength(64)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final BlindIndex index;

    JsonRecords(BlindIndex index) {
        this.index = index;
    }

    Reported usage(byte[] json, Feed feed, Instant receivedAt) {
        return usage(json, feed, receivedAt, null);
    }

    /** The same for a feed whose messages have a place that may stand for the record's identity. */
    Reported usage(byte[] json, Feed feed, Instant receivedAt, @Nullable String fallbackId) {
        try {
            ObjectNode node = object(json);
            if (fallbackId != null && !node.has("id")) {
                node.put("id", fallbackId);
            }
            return usage(node, feed, receivedAt);
        } catch (BadRecordException e) {
            return new Reported.Bad(null, e.fault(), e.detail());
        }
    }

    /** Reads a record whose members another form has named already. */
    Reported usage(JsonNode node, Feed feed, Instant receivedAt) {
        String key = null;
        try {
            Members in = Members.of(node, USAGE_MEMBERS);
            key = in.text("id", KEY);
            Subscriber subscriber = subscriber(in, feed);
            return new Reported.Usage(subscriber, record(in, key, feed, receivedAt));
        } catch (BadRecordException e) {
            return new Reported.Bad(key, e.fault(), e.detail());
        }
    }

    Reported location(byte[] json, Feed feed) {
        try {
            Members in = Members.of(object(json), LOCATION_MEMBERS);
            return new Reported.Location(
                    subscriber(in, feed),
                    in.text("plmn", PLMN),
                    in.optional("tac", TAC),
                    in.optional("cell", CELL),
                    device(in),
                    in.time("at"));
        } catch (BadRecordException e) {
            return new Reported.Bad(null, e.fault(), e.detail());
        }
    }

    private UsageRecord record(Members in, String key, Feed feed, Instant receivedAt) {
        Volumes volumes = Volumes.read(in);
        Instant end = in.time("end");
        Instant start = in.has("start") ? in.time("start") : end;
        if (end.isBefore(start)) {
            throw new BadRecordException(Fault.MALFORMED, "end is before start");
        }
        String plmn = in.text("plmn", PLMN);
        String tac = in.optional("tac", TAC);
        String cell = in.optional("cell", CELL);
        String area = tac == null ? null : plmn + "-" + tac + (cell == null ? "" : "-" + cell);
        String category = in.optional("category", WORD);
        String rat = in.optional("rat", WORD);
        return new UsageRecord(
                feed.source(),
                key,
                volumes.meaning(),
                volumes.session(),
                in.counterBits(),
                start,
                end,
                receivedAt,
                volumes.upBytes(),
                volumes.downBytes(),
                plmn,
                Countries.of(plmn),
                area,
                rat == null ? "unknown" : rat,
                category == null ? Category.OTHER : Category.of(category),
                in.optional("destinationClass", DESTINATION),
                device(in));
    }

    private @Nullable String device(Members in) {
        String imei = in.optional("imei", Devices.FORM);
        String imeisv = in.optional("imeisv", Devices.FORM);
        if (imei != null && imeisv != null) {
            throw new BadRecordException(Fault.MALFORMED, "imei or imeisv, not both");
        }
        String digits = imei == null ? imeisv : imei;
        return digits == null ? null : Devices.hash(index, digits).orElse(null);
    }

    private Subscriber subscriber(Members in, Feed feed) {
        String imsi = in.optional("imsi", IMSI);
        String iccid = in.optional("iccid", ICCID);
        if (imsi == null == (iccid == null)) {
            throw new BadRecordException(Fault.MALFORMED, "either imsi or iccid is needed");
        }
        if (imsi != null ? !feed.coversImsi().test(imsi) : !feed.coversIccid()) {
            throw new BadRecordException(
                    Fault.SUBSCRIBER_NOT_COVERED, "the partner may not report for this subscriber");
        }
        IdentifierKind kind = imsi != null ? IdentifierKind.IMSI : IdentifierKind.ICCID;
        return Subscriber.of(kind, index.network(kind, imsi != null ? imsi : String.valueOf(iccid)));
    }

    private static ObjectNode object(byte[] json) {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (IOException e) {
            // Not only of its syntax: bytes that look like UTF-32 fail while they are decoded.
            throw new BadRecordException(Fault.MALFORMED, "not a JSON object");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new BadRecordException(Fault.MALFORMED, "not a JSON object");
    }
}

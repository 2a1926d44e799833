package dev.octroi.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.drain.Category;
import dev.octroi.quota.UsageRecord;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
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
        String key = null;
        try {
            JsonNode node = object(json, USAGE_MEMBERS);
            key = text(node, "id", KEY);
            Subscriber subscriber = subscriber(node, feed);
            return new Reported.Usage(subscriber, record(node, key, feed, receivedAt));
        } catch (BadRecordException e) {
            return new Reported.Bad(key, e.fault, e.detail);
        }
    }

    Reported location(byte[] json, Feed feed) {
        try {
            JsonNode node = object(json, LOCATION_MEMBERS);
            return new Reported.Location(
                    subscriber(node, feed),
                    text(node, "plmn", PLMN),
                    optional(node, "tac", TAC),
                    optional(node, "cell", CELL),
                    device(node),
                    time(node, "at"));
        } catch (BadRecordException e) {
            return new Reported.Bad(null, e.fault, e.detail);
        }
    }

    private UsageRecord record(JsonNode node, String key, Feed feed, Instant receivedAt) {
        UsageRecord.Meaning meaning = meaning(node);
        String session = optional(node, "session", KEY);
        if (meaning == UsageRecord.Meaning.SESSION_CUMULATIVE) {
            if (session == null) {
                throw new BadRecordException(Fault.MALFORMED, "session is needed for a cumulative record");
            }
            // A session that begins anew counts from nothing, in whatever order its records arrive.
            session = node.has("sessionStart")
                    ? session + "@" + time(node, "sessionStart").getEpochSecond()
                    : session;
        }
        Instant end = time(node, "end");
        Instant start = node.has("start") ? time(node, "start") : end;
        if (end.isBefore(start)) {
            throw new BadRecordException(Fault.MALFORMED, "end is before start");
        }
        String plmn = text(node, "plmn", PLMN);
        String tac = optional(node, "tac", TAC);
        String cell = optional(node, "cell", CELL);
        String area = tac == null ? null : plmn + "-" + tac + (cell == null ? "" : "-" + cell);
        String category = optional(node, "category", WORD);
        String rat = optional(node, "rat", WORD);
        return new UsageRecord(
                feed.source(),
                key,
                meaning,
                meaning == UsageRecord.Meaning.DELTA ? null : session,
                counterBits(node),
                start,
                end,
                receivedAt,
                bytes(node, "up"),
                bytes(node, "down"),
                plmn,
                Countries.of(plmn),
                area,
                rat == null ? "unknown" : rat,
                category == null ? Category.OTHER : Category.of(category),
                optional(node, "destinationClass", DESTINATION),
                device(node));
    }

    private @Nullable String device(JsonNode node) {
        String imei = optional(node, "imei", Devices.FORM);
        String imeisv = optional(node, "imeisv", Devices.FORM);
        if (imei != null && imeisv != null) {
            throw new BadRecordException(Fault.MALFORMED, "imei or imeisv, not both");
        }
        String digits = imei == null ? imeisv : imei;
        return digits == null ? null : Devices.hash(index, digits).orElse(null);
    }

    private Subscriber subscriber(JsonNode node, Feed feed) {
        String imsi = optional(node, "imsi", IMSI);
        String iccid = optional(node, "iccid", ICCID);
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

    private static UsageRecord.Meaning meaning(JsonNode node) {
        String word = node.has("meaning") ? String.valueOf(node.get("meaning").textValue()) : "delta";
        return switch (word) {
            case "delta" -> UsageRecord.Meaning.DELTA;
            case "session_cumulative" -> UsageRecord.Meaning.SESSION_CUMULATIVE;
            default -> throw new BadRecordException(Fault.MALFORMED, "meaning is delta or session_cumulative");
        };
    }

    private static int counterBits(JsonNode node) {
        if (!node.has("counterBits")) {
            return 64;
        }
        int bits = node.get("counterBits").asInt();
        if (!node.get("counterBits").isInt() || (bits != 32 && bits != 64)) {
            throw new BadRecordException(Fault.MALFORMED, "counterBits is 32 or 64");
        }
        return bits;
    }

    private static long bytes(JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (!value.isIntegralNumber()) {
            throw new BadRecordException(Fault.MALFORMED, member + " is a whole number of bytes");
        }
        if (value.bigIntegerValue().signum() < 0) {
            throw new BadRecordException(Fault.NEGATIVE, member + " is below zero");
        }
        if (!value.canConvertToLong() || value.longValue() > UsageRecord.MAX_BYTES) {
            throw new BadRecordException(Fault.TOO_LARGE, member + " is more than " + UsageRecord.MAX_BYTES);
        }
        return value.longValue();
    }

    private static Instant time(JsonNode node, String member) {
        String text = node.path(member).textValue();
        try {
            if (text != null) {
                Instant time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
                // Beyond these years nothing was measured, and dates no longer fit a database.
                if (time.getEpochSecond() > 946_684_800L && time.getEpochSecond() < 4_102_444_800L) {
                    return time;
                }
            }
        } catch (DateTimeException e) {
            // Falls through to the fault.
        }
        throw new BadRecordException(Fault.MALFORMED, member + " is a time with an offset (RFC 3339)");
    }

    private static String text(JsonNode node, String member, Pattern form) {
        String text = optional(node, member, form);
        if (text == null) {
            throw new BadRecordException(Fault.MALFORMED, member + " is missing");
        }
        return text;
    }

    private static @Nullable String optional(JsonNode node, String member, Pattern form) {
        JsonNode value = node.path(member);
        if (value.isMissingNode()) {
            return null;
        }
        String text = value.textValue();
        if (text == null || !form.matcher(text).matches()) {
            throw new BadRecordException(Fault.MALFORMED, member + " is not of the form " + form.pattern());
        }
        return text;
    }

    private static JsonNode object(byte[] json, Set<String> members) {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (IOException e) {
            // Not only of its syntax: bytes that look like UTF-32 fail while they are decoded.
            throw new BadRecordException(Fault.MALFORMED, "not a JSON object");
        }
        if (node == null || !node.isObject()) {
            throw new BadRecordException(Fault.MALFORMED, "not a JSON object");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!members.contains(names.next())) {
                throw new BadRecordException(Fault.MALFORMED, "a member that a record does not have");
            }
        }
        return node;
    }

    /** Ends the reading of one record. */
    private static final class BadRecordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Fault fault;
        private final transient String detail;

        BadRecordException(Fault fault, String detail) {
            super(detail, null, false, false);
            this.fault = fault;
            this.detail = detail;
        }
    }
}

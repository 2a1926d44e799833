package dev.octroi.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.quota.account.UsageRecord;
import java.io.IOException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one record, read strictly: each of its form, or the record is bad. They are read straight from the text:
 * a tree of nodes takes five times as long.
 */
final class Members {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxStringLength(512)
                    .maxNumberLength(40)
                    .maxNameLength(64)
                    .build())
            .build();

    private static final long NARROW_RANGE = 1L << 32;

    /** Stands for a value that is neither text nor a whole number. */
    private static final Object OTHER = new Object();

    /** Text, {@code Long}, {@code BigInteger} or {@link #OTHER}. */
    private final Map<Member, Object> values = new EnumMap<>(Member.class);

    private Members() {}

    /**
     * Reads a JSON object.
     *
     * @throws BadRecordException for anything else, a member that is there twice, or one that is not among those known
     */
    static Members read(byte[] json, Set<Member> known) {
        Members in = new Members();
        boolean isKnown = true;
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAnObject();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Member member = Member.of(parser.currentName());
                Object value = value(parser);
                if (member == null || !known.contains(member)) {
                    isKnown = false;
                } else if (in.values.put(member, value) != null) {
                    throw notAnObject();
                }
            }
            if (parser.nextToken() != null) {
                throw notAnObject();
            }
        } catch (IOException e) {
            // Not only of its syntax: bytes that look like UTF-32 fail while they are decoded.
            throw notAnObject();
        }
        if (!isKnown) {
            throw foreign();
        }
        return in;
    }

    /** The same of what another form has named already. */
    static Members of(JsonNode node, Set<Member> known) {
        Members in = new Members();
        node.properties().forEach(each -> {
            Member member = Member.of(each.getKey());
            if (member == null || !known.contains(member)) {
                throw foreign();
            } else {
                in.values.put(member, value(each.getValue()));
            }
        });
        return in;
    }

    private static BadRecordException notAnObject() {
        return new BadRecordException(Fault.MALFORMED, "not a JSON object");
    }

    private static BadRecordException foreign() {
        return new BadRecordException(Fault.MALFORMED, "a member that a record does not have");
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.nextToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? parser.getBigIntegerValue()
                        : Long.valueOf(parser.getLongValue());
            case START_OBJECT, START_ARRAY -> {
                parser.skipChildren();
                yield OTHER;
            }
            default -> OTHER;
        };
    }

    private static Object value(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (!node.isIntegralNumber()) {
            return OTHER;
        }
        return node.canConvertToLong() ? Long.valueOf(node.longValue()) : node.bigIntegerValue();
    }

    /** Stands in for a member that is not there. */
    void put(Member member, String text) {
        values.put(member, text);
    }

    boolean has(Member member) {
        return values.containsKey(member);
    }

    /** A text of any form; null where the member is missing or none. */
    @Nullable
    String text(Member member) {
        return values.get(member) instanceof String text ? text : null;
    }

    /** A number of bytes, 0 to {@link UsageRecord#MAX_BYTES}. */
    long bytes(Member member) {
        Object value = values.get(member);
        if (!(value instanceof Number number)) {
            throw new BadRecordException(Fault.MALFORMED, member.word() + " is a whole number of bytes");
        }
        if (number instanceof BigInteger big ? big.signum() < 0 : number.longValue() < 0) {
            throw new BadRecordException(Fault.NEGATIVE, member.word() + " is below zero");
        }
        if (number instanceof BigInteger || number.longValue() > UsageRecord.MAX_BYTES) {
            throw new BadRecordException(Fault.TOO_LARGE, member.word() + " is more than " + UsageRecord.MAX_BYTES);
        }
        return number.longValue();
    }

    /** What a cumulative counter shows: {@link #bytes}, as far as its bits reach. */
    long count(Member member) {
        long bytes = bytes(member);
        if (bytes >= NARROW_RANGE && counterBits() != 64) {
            throw new BadRecordException(
                    Fault.MALFORMED, member.word() + " is more than a counter of 32 bits can show");
        }
        return bytes;
    }

    /** 32 or 64; 64 when it is missing. */
    int counterBits() {
        Object bits = values.get(Member.COUNTER_BITS);
        if (bits == null) {
            return 64;
        }
        if (bits.equals(32L) || bits.equals(64L)) {
            return ((Long) bits).intValue();
        }
        throw new BadRecordException(Fault.MALFORMED, "counterBits is 32 or 64");
    }

    Instant time(Member member) {
        String text = text(member);
        try {
            if (text != null) {
                Instant time = time(text);
                // Beyond these years nothing was measured, and dates no longer fit a database.
                if (time.getEpochSecond() > 946_684_800L && time.getEpochSecond() < 4_102_444_800L) {
                    return time;
                }
            }
        } catch (DateTimeException e) {
            // Falls through to the fault.
        }
        throw new BadRecordException(Fault.MALFORMED, member.word() + " is a time with an offset (RFC 3339)");
    }

    private static Instant time(String text) {
        long millis = UtcTime.millis(text);
        return millis == UtcTime.OTHER_FORM
                ? OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS)
                : Instant.ofEpochMilli(millis);
    }

    String text(Member member, Form form) {
        String text = optional(member, form);
        if (text == null) {
            throw new BadRecordException(Fault.MALFORMED, member.word() + " is missing");
        }
        return text;
    }

    @Nullable
    String optional(Member member, Form form) {
        Object value = values.get(member);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text) || !form.fits(text)) {
            throw new BadRecordException(Fault.MALFORMED, member.word() + " is not of the form " + form.expression());
        }
        return text;
    }
}

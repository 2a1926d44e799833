package dev.octroi.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.quota.UsageRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The members of one record, read strictly: each of its form, or the record is bad. */
record Members(JsonNode node) {
    /** @throws BadRecordException for a member that is not among those known */
    static Members of(JsonNode node, Set<String> known) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!known.contains(names.next())) {
                throw new BadRecordException(Fault.MALFORMED, "a member that a record does not have");
            }
        }
        return new Members(node);
    }

    boolean has(String member) {
        return node.has(member);
    }

    /** A number of bytes, 0 to {@link UsageRecord#MAX_BYTES}. */
    long bytes(String member) {
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

    /** 32 or 64; 64 when it is missing. */
    int counterBits() {
        if (!node.has("counterBits")) {
            return 64;
        }
        int bits = node.get("counterBits").asInt();
        if (!node.get("counterBits").isInt() || (bits != 32 && bits != 64)) {
            throw new BadRecordException(Fault.MALFORMED, "counterBits is 32 or 64");
        }
        return bits;
    }

    Instant time(String member) {
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

    String text(String member, Pattern form) {
        String text = optional(member, form);
        if (text == null) {
            throw new BadRecordException(Fault.MALFORMED, member + " is missing");
        }
        return text;
    }

    @Nullable
    String optional(String member, Pattern form) {
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
}

package dev.octroi.usage;

import dev.octroi.quota.account.UsageRecord.Meaning;
import org.jspecify.annotations.Nullable;

/**
 * How much a record says, and how it is meant.
 *
 * @param meaning how the bytes are meant
 * @param session the session or bundle they belong to; null for a delta
 * @param upBytes sent by the device; 0 for a balance
 * @param downBytes received by the device, or as {@link Meaning} says
 */
record Volumes(Meaning meaning, @Nullable String session, long upBytes, long downBytes) {
    private static final Form SESSION = Form.of("[\\x21-\\x7E]", 1, 80);

    /** Stands for the one bundle of a subscriber whose feed does not name it. */
    private static final String ONLY_BUNDLE = "bundle";

    static Volumes read(Members in) {
        String word = in.has(Member.MEANING) ? String.valueOf(in.text(Member.MEANING)) : "delta";
        return switch (word) {
            case "delta" -> sinceTheRecordBefore(in);
            case "session_cumulative" -> sinceTheSessionBegan(in);
            case "absolute_remaining" -> left(in);
            default ->
                throw new BadRecordException(
                        Fault.MALFORMED, "meaning is delta, session_cumulative or absolute_remaining");
        };
    }

    private static Volumes sinceTheRecordBefore(Members in) {
        noBalance(in);
        // The session is of no use here, but it still has to be of its form.
        in.optional(Member.SESSION, SESSION);
        return new Volumes(Meaning.DELTA, null, in.bytes(Member.UP), in.bytes(Member.DOWN));
    }

    private static Volumes sinceTheSessionBegan(Members in) {
        noBalance(in);
        return new Volumes(Meaning.SESSION_CUMULATIVE, session(in, null), in.count(Member.UP), in.count(Member.DOWN));
    }

    private static void noBalance(Members in) {
        if (in.has(Member.REMAINING) || in.has(Member.TOTAL)) {
            throw new BadRecordException(Fault.MALFORMED, "remaining and total are for absolute_remaining");
        }
    }

    private static Volumes left(Members in) {
        if (in.has(Member.UP) || in.has(Member.DOWN) || in.has(Member.COUNTER_BITS)) {
            throw new BadRecordException(Fault.MALFORMED, "absolute_remaining has remaining instead of up and down");
        }
        String bundle = session(in, ONLY_BUNDLE);
        long left = in.bytes(Member.REMAINING);
        if (!in.has(Member.TOTAL)) {
            return new Volumes(Meaning.ABSOLUTE_REMAINING, bundle, 0, left);
        }
        long total = in.bytes(Member.TOTAL);
        if (left > total) {
            throw new BadRecordException(Fault.MALFORMED, "remaining is more than total");
        }
        return new Volumes(Meaning.GONE_OF_TOTAL, bundle, 0, total - left);
    }

    /** A session that begins anew counts from nothing, in whatever order its records arrive. */
    private static String session(Members in, @Nullable String fallback) {
        String session = in.optional(Member.SESSION, SESSION);
        String name = session == null ? fallback : session;
        if (name == null) {
            throw new BadRecordException(Fault.MALFORMED, "session is needed for a cumulative record");
        }
        return in.has(Member.SESSION_START)
                ? name + "@" + in.time(Member.SESSION_START).getEpochSecond()
                : name;
    }
}

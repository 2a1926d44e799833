package dev.octroi.drain;

import java.nio.ByteBuffer;

/** The incident a subscription is in or was last in, and how tolerant its owner's answers made the detector. */
final class Incident {
    /** After this long below the threshold the next alarm is a new incident. */
    private static final int CLOSES_AFTER_HOURS = 36;
    /** An open incident is told again when its score has risen by this much. */
    private static final float GROWTH = 0.25f;

    private static final float TOLERANCE_UNIT = 20f;
    private static final float WAS_ME = 0.4f;
    private static final float WAS_NOT_ME = -0.1f;
    private static final float TOLERANCE_MIN = -0.2f;
    /** Two answers. More would pass over a drain that is certain. */
    private static final float TOLERANCE_MAX = 0.8f;
    /** Answers are forgotten by half in two weeks: so much is kept after each half of a week. */
    private static final int FORGETTING_HOURS = 84;

    private static final float REMEMBERED = 0.85f;

    private static final int OPEN = 1;
    private static final int ANSWERED_ME = 2;
    private static final int ANSWERED_NOT_ME = 4;
    private static final int LEARNED = 8;

    private int count;
    private boolean open;
    private float peak;
    private int lastHighHour;
    private int sinceHour;
    private byte tolerance;
    /** How the incident was answered, of the flags above; none while it is not. */
    private int answers;
    /** Bytes of those of its hours that are older than a day, and what was usual in them. */
    private float pastBytes;

    private float pastUsual;
    /** When the traveller removed what drained; 0: not. */
    private int removedHour;

    /** What a score means for the incident. */
    enum Step {
        /** Nothing to tell. */
        QUIET,
        /** A new incident. */
        OPENED,
        /** The open incident has grown. */
        GROWN
    }

    Step take(float score, int hour) {
        if (open && hour - lastHighHour > CLOSES_AFTER_HOURS) {
            open = false;
        }
        if (score < Verdict.ACT) {
            return Step.QUIET;
        }
        lastHighHour = hour;
        if (!open) {
            open = true;
            count++;
            peak = score;
            sinceHour = 0;
            answers = 0;
            pastBytes = 0;
            pastUsual = 0;
            removedHour = 0;
            return Step.OPENED;
        }
        if (score < peak + GROWTH) {
            return Step.QUIET;
        }
        peak = score;
        return Step.GROWN;
    }

    int count() {
        return count;
    }

    /** The first hour of the incident: what the opening alarm found, kept while it grows. */
    int since(int foundHour) {
        if (sinceHour == 0) {
            sinceHour = foundHour;
        }
        return sinceHour;
    }

    /** Whether an hour that is forgotten now is one of the incident that goes on. */
    boolean covers(int hour, int head) {
        return open && sinceHour > 0 && hour >= sinceHour && head - lastHighHour <= CLOSES_AFTER_HOURS;
    }

    /** An hour of it is older than a day. */
    void passed(float bytes, float usual) {
        pastBytes += bytes;
        pastUsual += usual;
    }

    /** Bytes of those of its hours that are older than a day. */
    float pastBytes() {
        return pastBytes;
    }

    /** What was usual in them. */
    float pastUsual() {
        return pastUsual;
    }

    /** An hour has passed: what the answers moved goes back, at moments that need no memory. */
    void forget(int hour) {
        if (hour % FORGETTING_HOURS == 0) {
            tolerance = (byte) (tolerance * REMEMBERED);
        }
    }

    /** Hours in which nothing was seen have passed. */
    void forget(int from, int to) {
        for (int hour = from + 1; hour <= to && tolerance != 0; hour++) {
            forget(hour);
        }
    }

    /** What is taken off every score. */
    float tolerance() {
        return tolerance / TOLERANCE_UNIT;
    }

    /** Whether the incident was last answered so. */
    boolean isAnswered(boolean wasMe) {
        return (answers & (wasMe ? ANSWERED_ME : ANSWERED_NOT_ME)) != 0;
    }

    /** Whether the use of the incident was learned as normal. */
    boolean isLearned() {
        return (answers & LEARNED) != 0;
    }

    /** The traveller removed what drained. */
    void removed(int hour) {
        removedHour = hour;
    }

    /** A person let it go for good. */
    void letGo() {
        removedHour = 0;
    }

    /** Whether the traveller said that what drained is removed. */
    boolean isRemoved() {
        return removedHour > 0;
    }

    /** Whether that is so long ago that nothing from before is remembered: whatever drains now went on. */
    boolean isRemovedLongAgo(int hour) {
        return isRemoved() && hour - removedHour >= HourRing.HOURS;
    }

    /** Whether the use of the incident lies within the last 24 hours, which are all that is remembered. */
    boolean isWithinDay(int hour) {
        return hour - lastHighHour < HourRing.HOURS;
    }

    /** Takes an answer, in the place of the one before. The incident goes on until it is quiet: what it holds is not asked for anew. */
    void answer(boolean wasMe, boolean learned) {
        float before = isAnswered(!wasMe) ? moves(!wasMe) : 0;
        float moved = Math.clamp(tolerance() - before + moves(wasMe), TOLERANCE_MIN, TOLERANCE_MAX);
        tolerance = (byte) Math.round(moved * TOLERANCE_UNIT);
        answers = (wasMe ? ANSWERED_ME : ANSWERED_NOT_ME) | (learned ? LEARNED : answers & LEARNED);
    }

    private static float moves(boolean wasMe) {
        return wasMe ? WAS_ME : WAS_NOT_ME;
    }

    /** Whether it is older than a day, or more was done about it than gateways of before know. */
    boolean hasPast() {
        return pastBytes > 0 || pastUsual > 0 || removedHour > 0;
    }

    /** Apart from the rest: gateways of before do not know it. */
    void writePast(ByteBuffer out) {
        if (hasPast()) {
            out.putFloat(pastBytes).putFloat(pastUsual).putInt(removedHour);
        }
    }

    void readPast(ByteBuffer in) {
        boolean has = in.hasRemaining();
        pastBytes = has ? in.getFloat() : 0;
        pastUsual = has ? in.getFloat() : 0;
        removedHour = in.hasRemaining() ? in.getInt() : 0;
    }

    void write(ByteBuffer out) {
        out.putInt(count).put((byte) (open ? OPEN | answers : answers)).putFloat(peak);
        out.putInt(lastHighHour).putInt(sinceHour).put(tolerance);
    }

    void read(ByteBuffer in) {
        count = in.getInt();
        // Whoever takes an answer for the end of an incident sees one that is open and answered as not open.
        int flags = in.get();
        open = (flags & OPEN) != 0;
        answers = flags & ~OPEN;
        peak = in.getFloat();
        lastHighHour = in.getInt();
        sinceHour = in.getInt();
        tolerance = in.get();
    }
}

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
    private static final float TOLERANCE_MAX = 2f;

    private int count;
    private boolean open;
    private float peak;
    private int lastHighHour;
    private int sinceHour;
    private byte tolerance;

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

    /** What is taken off every score. */
    float tolerance() {
        return tolerance / TOLERANCE_UNIT;
    }

    void answer(boolean wasMe) {
        float moved = Math.clamp(tolerance() + (wasMe ? WAS_ME : WAS_NOT_ME), TOLERANCE_MIN, TOLERANCE_MAX);
        tolerance = (byte) Math.round(moved * TOLERANCE_UNIT);
        open = false;
    }

    void write(ByteBuffer out) {
        out.putInt(count).put((byte) (open ? 1 : 0)).putFloat(peak);
        out.putInt(lastHighHour).putInt(sinceHour).put(tolerance);
    }

    void read(ByteBuffer in) {
        count = in.getInt();
        open = in.get() == 1;
        peak = in.getFloat();
        lastHighHour = in.getInt();
        sinceHour = in.getInt();
        tolerance = in.get();
    }
}

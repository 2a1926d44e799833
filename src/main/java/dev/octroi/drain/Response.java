package dev.octroi.drain;

import java.nio.ByteBuffer;

/** What was done about the incidents of a subscription, and when a known-bad destination was last seen. */
public final class Response {
    private static final int SECONDS_PER_HOUR = 3_600;

    private int held;
    private int lifted;
    private int badHour;

    Response() {}

    /** A hold was placed for an incident. */
    public void hold(int incident) {
        held = incident;
    }

    /** The incident that was last held; 0 before the first. */
    public int held() {
        return held;
    }

    /** A person let the subscription go, or called the use meant: the incident is not held, also where it was not yet. */
    public void lift(int incident) {
        lifted = incident;
    }

    /** The use was called a drain after all: the incident may be held again. */
    public void unlift(int incident) {
        lifted = lifted == incident ? 0 : lifted;
    }

    /** Whether a person let the subscription go in this incident. */
    public boolean isLifted(int incident) {
        return lifted == incident;
    }

    /**
     * A known-bad destination was seen.
     *
     * @return whether it is the first within a day
     */
    public boolean sawBadDestination(long epochSeconds) {
        boolean first = !badWithinDay(epochSeconds);
        badHour = Math.max(badHour, hour(epochSeconds));
        return first;
    }

    /** Whether a known-bad destination was seen within a day of a moment. */
    public boolean badWithinDay(long epochSeconds) {
        return badHour > 0 && hour(epochSeconds) - badHour < HourRing.HOURS;
    }

    private static int hour(long epochSeconds) {
        return (int) (epochSeconds / SECONDS_PER_HOUR);
    }

    void write(ByteBuffer out) {
        out.putInt(held).putInt(lifted).putInt(badHour);
    }

    /** Nothing was done. */
    void clear() {
        held = 0;
        lifted = 0;
        badHour = 0;
    }

    void read(ByteBuffer in) {
        held = in.getInt();
        lifted = in.getInt();
        badHour = in.getInt();
    }
}

package dev.octroi.drain;

import java.nio.ByteBuffer;

/** What was done about the incidents of a subscription, and when known-bad destinations were seen, told and lifted. */
public final class Response {
    private static final int SECONDS_PER_HOUR = 3_600;
    /** As long as it takes to end an incident of the detector's. */
    private static final int QUIET_HOURS = 36;

    private int held;
    private int lifted;
    /** Hours since 1970 UTC, 0: never. */
    private int badSeen;

    private int badTold;
    private int badLifted;
    /** The hour in which the destinations were first seen of those seen since with no long quiet between. */
    private int badSince;

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
     * @return whether it has to be told: it was not told within a day
     */
    public boolean sawBadDestination(long epochSeconds) {
        int hour = hour(epochSeconds);
        badSince = badSeen > 0 && hour - badSeen < QUIET_HOURS ? badSince : hour;
        badSeen = Math.max(badSeen, hour);
        boolean told = isWithinDay(badTold, hour);
        badTold = told ? badTold : hour;
        return !told;
    }

    /** Whether a known-bad destination was seen within a day of a moment. */
    public boolean badWithinDay(long epochSeconds) {
        return isWithinDay(badSeen, hour(epochSeconds));
    }

    /** The hour, since 1970 UTC, in which known-bad destinations began to be seen, the last time; 0: never. */
    public int badDestinationSince() {
        return badSince;
    }

    /** Nobody knows of the use after all: it is slowed as before. */
    public void unliftBadDestination() {
        badLifted = 0;
    }

    /** A person let the subscription go that was slowed for a known-bad destination. */
    public void liftBadDestination(long epochSeconds) {
        badLifted = hour(epochSeconds);
    }

    /** Whether a person did so within a day of a moment. */
    public boolean isBadDestinationLifted(long epochSeconds) {
        return isWithinDay(badLifted, hour(epochSeconds));
    }

    private static boolean isWithinDay(int before, int hour) {
        return before > 0 && hour - before < HourRing.HOURS;
    }

    private static int hour(long epochSeconds) {
        return (int) (epochSeconds / SECONDS_PER_HOUR);
    }

    /**
     * What a gateway of before does not know comes last: it reads as far as it knows.
     *
     * @param whole whether something follows
     */
    void write(ByteBuffer out, boolean whole) {
        out.putInt(held).putInt(lifted).putInt(badSeen);
        if (whole || badTold != badSeen || badLifted != 0 || badSince != badTold) {
            out.putInt(badTold).putInt(badLifted);
        }
        if (whole || badSince != badTold) {
            out.putInt(badSince);
        }
    }

    /** Nothing was done. */
    void clear() {
        held = 0;
        lifted = 0;
        badSeen = 0;
        badTold = 0;
        badLifted = 0;
        badSince = 0;
    }

    void read(ByteBuffer in) {
        held = in.getInt();
        lifted = in.getInt();
        badSeen = in.getInt();
        badTold = in.hasRemaining() ? in.getInt() : badSeen;
        badLifted = in.hasRemaining() ? in.getInt() : 0;
        badSince = in.hasRemaining() ? in.getInt() : badTold;
    }
}

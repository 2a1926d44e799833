package dev.octroi.callback.call;

/**
 * Keeps a dead endpoint from being tried row by row: after some failures in a row it opens, after a while it lets one
 * attempt through, and a success closes it. Pure; the dispatcher owns one for each endpoint.
 */
public final class CircuitBreaker {
    private static final int TOO_MANY = 429;

    private static final int FAILURES_TO_OPEN = 5;
    private static final long FIRST_OPEN_MS = 1_000;
    private static final long LAST_OPEN_MS = 60_000;
    /** An attempt that is under way may end soon, but many rows may wait for it. */
    private static final long WAIT_MS = 250;

    private final double scale;
    private int failures;
    private long openMs = FIRST_OPEN_MS;
    private long openUntilMs;

    /** Whether a receiver says by an HTTP status that it cannot at the moment. */
    public static boolean saysNotNow(int status) {
        return status >= 500 || status == TOO_MANY;
    }

    /** @param scale of its pauses, 1 in earnest */
    public CircuitBreaker(double scale) {
        this.scale = scale;
    }

    /** How many more attempts may start, given those in flight and the bulkhead. */
    public int free(long nowMs, int inFlight, int limit) {
        if (failures < FAILURES_TO_OPEN) {
            return Math.max(0, limit - inFlight);
        }
        return nowMs < openUntilMs || inFlight > 0 ? 0 : 1;
    }

    /** After how long it is worth asking again whether an attempt may start. */
    public long waitMs(long nowMs) {
        return open() ? Math.max(WAIT_MS, openUntilMs - nowMs) : WAIT_MS;
    }

    /** Whether calls are held back. */
    public boolean open() {
        return failures >= FAILURES_TO_OPEN;
    }

    /** A call was answered: closes. */
    public void succeeded() {
        failures = 0;
        openMs = FIRST_OPEN_MS;
    }

    /** A call failed, {@code nowMs} on the clock of the caller; enough of them open it. */
    public void failed(long nowMs) {
        failures++;
        if (failures < FAILURES_TO_OPEN) {
            return;
        }
        // Attempts that were under way when it opened must not push the next probe further away.
        if (nowMs >= openUntilMs) {
            openUntilMs = nowMs + Math.max(1, (long) (openMs * scale));
            openMs = Math.min(LAST_OPEN_MS, openMs * 2);
        }
    }
}

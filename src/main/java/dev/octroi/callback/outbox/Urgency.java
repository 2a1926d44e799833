package dev.octroi.callback.outbox;

/**
 * How soon a policy goes out where others wait for the same network. Each urgency of a tenant is a queue of its own, and the queues
 * take turns: what is urgent waits for no backlog, and no backlog waits for good.
 */
public enum Urgency {
    /** Data stops. */
    STOPS(0),
    /** Decided otherwise, because somebody acted or data was used. */
    DECIDED(1),
    /** Data stops, as for many others at the time: by the clock, or told again. */
    STOPS_IN_BULK(2),
    /** By the clock, or told again. */
    IN_BULK(3);

    private final int number;

    Urgency(int number) {
        this.number = number;
    }

    /**
     * The urgency of a policy.
     *
     * @param stops whether data stops by it
     * @param inBulk whether many are decided, or told again, at the same time
     */
    public static Urgency of(boolean stops, boolean inBulk) {
        if (inBulk) {
            return stops ? STOPS_IN_BULK : IN_BULK;
        }
        return stops ? STOPS : DECIDED;
    }

    /** The value in the column {@code outbox.urgency}. */
    int number() {
        return number;
    }

    static Urgency ofNumber(int number) {
        for (Urgency urgency : values()) {
            if (urgency.number == number) {
                return urgency;
            }
        }
        throw new IllegalArgumentException("unknown urgency: " + number);
    }
}

package dev.octroi.telemetry;

import ch.qos.logback.classic.Level;

/** What a log line is worth while its reader is too slow: how much of the room for waiting lines it may fill. */
enum LogUrgency {
    INFO(6),
    WARN(7),
    ERROR(8);

    private static final int WHOLE = 8;
    private final int eighths;

    LogUrgency(int eighths) {
        this.eighths = eighths;
    }

    /** The urgency of a level; what is below INFO counts as it. */
    static LogUrgency of(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) {
            return ERROR;
        }
        return level.isGreaterOrEqual(Level.WARN) ? WARN : INFO;
    }

    /** How much of a room such lines may fill. */
    long of(long room) {
        return room / WHOLE * eighths;
    }
}

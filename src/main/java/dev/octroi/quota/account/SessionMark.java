package dev.octroi.quota.account;

import java.time.Instant;

/**
 * The high-water marks of one data session, or of one bundle whose feed reports what is left.
 *
 * @param upBytes highest count sent, wraps unrolled
 * @param downBytes highest count received, wraps unrolled; of a bundle what was counted of it
 * @param lastEventAt end of the newest record
 * @param remaining what a feed said was left; empty for sessions
 * @param begunAt when a session was said to begin after records of it were known; {@link Instant#MIN}: never
 */
public record SessionMark(
        long upBytes, long downBytes, Instant lastEventAt, RemainingReports remaining, Instant begunAt) {
    /** A session never seen. */
    public static final SessionMark NEW = new SessionMark(0, 0, Instant.MIN, RemainingReports.NONE, Instant.MIN);

    /** The same, said to begin at a moment. */
    public SessionMark begun(Instant at) {
        return new SessionMark(upBytes, downBytes, lastEventAt, remaining, at);
    }

    /** Counters that began anew. */
    public SessionMark atZero() {
        return new SessionMark(0, 0, lastEventAt, remaining, begunAt);
    }
}

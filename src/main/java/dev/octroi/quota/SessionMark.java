package dev.octroi.quota;

import java.time.Instant;

/**
 * The high-water marks of one data session.
 *
 * @param upBytes highest count sent, wraps unrolled
 * @param downBytes highest count received, wraps unrolled
 * @param lastEventAt end of the newest record
 */
public record SessionMark(long upBytes, long downBytes, Instant lastEventAt) {
    /** A session never seen. */
    static final SessionMark NEW = new SessionMark(0, 0, Instant.MIN);
}

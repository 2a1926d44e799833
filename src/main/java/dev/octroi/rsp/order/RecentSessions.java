package dev.octroi.rsp.order;

import dev.octroi.rsp.session.TransactionId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this gateway wrote of a session a moment ago, so that the next message of the same device need not read it again.
 * Never more than a guess: whatever is decided on it is written over the version of the profile that it names, so that a
 * guess which another gateway has overtaken writes nothing and is read anew. Each guess is used once. From any thread.
 */
final class RecentSessions {
    private static final int MAX_SESSIONS = 4_096;

    /** A device that takes longer than this is read again. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private record Held(SessionStore.Stored session, Instant end) {}

    private final Map<TransactionId, Held> held = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TransactionId, Held> eldest) {
            return size() > MAX_SESSIONS;
        }
    };

    /** Remembers a session as it was written. */
    synchronized void put(SessionStore.Stored session, Instant now) {
        Instant forgotten = now.plus(KEPT);
        Instant end = session.end();
        held.put(session.state().transactionId(), new Held(session, forgotten.isBefore(end) ? forgotten : end));
    }

    /** Gives a session and forgets it. */
    synchronized Optional<SessionStore.Stored> take(TransactionId transactionId, Instant now) {
        Held found = held.remove(transactionId);
        return found == null || !now.isBefore(found.end()) ? Optional.empty() : Optional.of(found.session());
    }
}

package dev.octroi.usage.file;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Files that were left where they are, so that an incomplete one is not read whole at each look, and what has been said of them is
 * said once. Of one thread.
 */
final class LeftFiles {
    /** Somebody may have written without changing size or time. */
    private static final Duration READ_AGAIN = Duration.ofHours(1);

    private record Left(Seen seen, Instant at) {}

    private final Map<String, Left> incomplete = new HashMap<>();
    private final Set<String> ahead = new HashSet<>();

    /** Whether a file was incomplete when it was read last, not long ago, and has not changed since. */
    boolean isUnchanged(String name, Seen seen, Instant now) {
        Left left = incomplete.get(name);
        return left != null
                && left.seen().equals(seen)
                && now.isBefore(left.at().plus(READ_AGAIN));
    }

    /** Remembers an incomplete file as it was before it was read; whether it was not known to be incomplete. */
    boolean leave(String name, Seen seen, Instant now) {
        Left before = incomplete.put(name, new Left(seen, now));
        return before == null;
    }

    /** How many files wait for their rest. */
    int incomplete() {
        return incomplete.size();
    }

    /** A file is not incomplete any more. */
    void forget(String name) {
        incomplete.remove(name);
    }

    /** Remembers a file whose time lies ahead; whether that was not known. */
    boolean isNewlyAhead(String name) {
        return ahead.add(name);
    }

    /** Forgets what is not in the folder any more, or not as it was: both sets stay as small as the folder. */
    void keepOnly(Set<String> names, Set<String> namesAhead) {
        incomplete.keySet().retainAll(names);
        ahead.retainAll(namesAhead);
    }
}

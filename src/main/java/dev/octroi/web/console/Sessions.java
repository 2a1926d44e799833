package dev.octroi.web.console;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.secret.Sha256;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in at this gateway: at most {@link #MAX_SESSIONS}, each until its token ends. Kept by the hash of the
 * session's id, so that looking one up takes the same time however much of an id was guessed.
 */
final class Sessions {
    static final int MAX_SESSIONS = 1_000;
    private static final int ID_BYTES = 32;

    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Session> byHash = new LinkedHashMap<>();

    Sessions(InstantSource clock, SecureRandom random) {
        this.clock = requireNonNull(clock, "clock is null");
        this.random = requireNonNull(random, "random is null");
    }

    /** Signs someone in; the oldest session gives way when there are too many. Returns the session's id. */
    synchronized String open(Principal who) {
        Instant now = clock.instant();
        if (byHash.size() >= MAX_SESSIONS) {
            byHash.values().removeIf(session -> hasEnded(session, now));
        }
        if (byHash.size() >= MAX_SESSIONS) {
            byHash.remove(byHash.keySet().iterator().next());
        }
        String id = secret();
        byHash.put(hash(id), new Session(who, secret()));
        return id;
    }

    /** The session of an id, unless it has ended. */
    synchronized Optional<Session> find(String id) {
        String hash = hash(id);
        Session session = byHash.get(hash);
        if (session == null) {
            return Optional.empty();
        }
        if (hasEnded(session, clock.instant())) {
            byHash.remove(hash);
            return Optional.empty();
        }
        return Optional.of(session);
    }

    /** Signs out. */
    synchronized void close(String id) {
        byHash.remove(hash(id));
    }

    private static boolean hasEnded(Session session, Instant now) {
        return !now.isBefore(session.who().expiresAt());
    }

    private String secret() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String hash(String id) {
        return Base64.getEncoder().encodeToString(Sha256.of(id));
    }
}

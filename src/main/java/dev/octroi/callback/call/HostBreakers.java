package dev.octroi.callback.call;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.net.URI;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Circuit breakers of network functions, by host and port: one partner may stand for many instances, each with an address of its
 * own, so that one of them that is dead says nothing of the others. One that nobody asked for ten minutes is forgotten: an instance
 * that was replaced never comes back. May be used by several threads.
 */
public final class HostBreakers {
    private static final int MAX_REMEMBERED = 1_000;
    private static final long FORGOTTEN_AFTER_MS = 600_000;

    private final double scale;
    private final InstantSource clock;
    private final Map<String, Host> hosts = new HashMap<>();

    private static final class Host {
        private final CircuitBreaker breaker;
        private int inFlight;
        private long askedAtMs;

        private Host(double scale) {
            breaker = new CircuitBreaker(scale);
        }

        private boolean isForgotten(long nowMs) {
            return inFlight == 0 && nowMs - askedAtMs >= FORGOTTEN_AFTER_MS;
        }
    }

    /** @param scale factor on how long a breaker stays open */
    public HostBreakers(double scale, InstantSource clock) {
        this.scale = scale;
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Calls a host, or fails at once with {@link NotNowException} while it is known to be dead. */
    public Future<CallbackClient.Answer> call(URI url, Supplier<Future<CallbackClient.Answer>> post) {
        String name = url.getHost().toLowerCase(Locale.ROOT) + ":" + url.getPort();
        if (!begin(name)) {
            return Future.failedFuture(new NotNowException());
        }
        return Future.succeededFuture()
                .compose(go -> post.get())
                .onComplete(
                        answer -> ended(name, CircuitBreaker.saysNotNow(answer.status())),
                        failure -> ended(name, true));
    }

    /** How many hosts are known to be dead. */
    public synchronized int open() {
        long nowMs = clock.millis();
        hosts.values().removeIf(host -> host.isForgotten(nowMs));
        return (int) hosts.values().stream().filter(host -> host.breaker.open()).count();
    }

    /** How many hosts something is known of. */
    synchronized int remembered() {
        return hosts.size();
    }

    private synchronized boolean begin(String name) {
        long nowMs = clock.millis();
        if (!hosts.containsKey(name) && hosts.size() >= MAX_REMEMBERED) {
            makeRoom(nowMs);
        }
        Host host = hosts.computeIfAbsent(name, key -> new Host(scale));
        host.askedAtMs = nowMs;
        if (host.breaker.free(nowMs, host.inFlight, Integer.MAX_VALUE) == 0) {
            return false;
        }
        host.inFlight++;
        return true;
    }

    /** Forgets all that are well or forgotten; where that is none of them, the one that nobody asked for longest. */
    private void makeRoom(long nowMs) {
        hosts.values().removeIf(host -> host.isForgotten(nowMs) || (host.inFlight == 0 && !host.breaker.open()));
        if (hosts.size() >= MAX_REMEMBERED) {
            hosts.entrySet().stream()
                    .filter(entry -> entry.getValue().inFlight == 0)
                    .min(Comparator.comparingLong(entry -> entry.getValue().askedAtMs))
                    .ifPresent(oldest -> hosts.remove(oldest.getKey()));
        }
    }

    private synchronized void ended(String name, boolean unavailable) {
        Host host = hosts.get(name);
        if (host == null) {
            return;
        }
        host.inFlight--;
        if (unavailable) {
            host.breaker.failed(clock.millis());
        } else {
            host.breaker.succeeded();
        }
    }

    /** The host did not answer just now, and is not asked again yet. */
    public static final class NotNowException extends RuntimeException {
        /** What is put down of it. */
        public static final String WORDS = "the host did not answer just now";

        private static final long serialVersionUID = 1;

        NotNowException() {
            super(WORDS, null, false, false);
        }
    }
}

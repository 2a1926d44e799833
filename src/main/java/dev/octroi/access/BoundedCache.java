package dev.octroi.access;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers a bounded number of values until each expires; the one used least recently goes first.
 *
 * @param <K> key
 * @param <V> value
 */
final class BoundedCache<K, V> {
    private final InstantSource clock;
    private final Map<K, Held<V>> held;

    private record Held<V>(V value, Instant until) {}

    BoundedCache(int capacity, InstantSource clock) {
        this.clock = clock;
        this.held = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Held<V>> eldest) {
                return size() > capacity;
            }
        };
    }

    synchronized @Nullable V get(K key) {
        Held<V> found = held.get(key);
        if (found == null) {
            return null;
        }
        if (!clock.instant().isBefore(found.until())) {
            held.remove(key);
            return null;
        }
        return found.value();
    }

    synchronized void put(K key, V value, Instant until) {
        held.put(key, new Held<>(value, until));
    }

    synchronized void clear() {
        held.clear();
    }
}

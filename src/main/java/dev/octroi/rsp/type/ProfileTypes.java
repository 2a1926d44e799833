package dev.octroi.rsp.type;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Versions of types with their packages, the last used in memory: a version never changes, so nothing of it can be stale.
 * Holds at most 64, some 20 MB at worst. Thread-safe.
 */
public final class ProfileTypes {
    private static final int MAX_HELD = 64;

    private final ProfileTypeStore store;
    private final Map<Key, ProfileType> held = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ProfileType> eldest) {
            return size() > MAX_HELD;
        }
    };

    private record Key(int tenantId, long id, int version) {}

    public ProfileTypes(ProfileTypeStore store) {
        this.store = requireNonNull(store, "store is null");
    }

    /** A version of a type; reads it with the worker role when it is not in memory. */
    public Future<Optional<ProfileType>> find(SqlClient client, int tenantId, long id, int version) {
        Key key = new Key(tenantId, id, version);
        @Nullable ProfileType type = get(key);
        return type != null
                ? Future.succeededFuture(Optional.of(type))
                : store.load(client, tenantId, id, version).map(loaded -> {
                    loaded.ifPresent(found -> put(key, found));
                    return loaded;
                });
    }

    private @Nullable ProfileType get(Key key) {
        synchronized (held) {
            return held.get(key);
        }
    }

    private void put(Key key, ProfileType type) {
        synchronized (held) {
            held.put(key, type);
        }
    }
}

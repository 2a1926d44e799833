package dev.octroi.quota;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The accounts a lane decided last, as they are on disk; the least recently used give way. One lane's, one thread's. */
final class StateCache {
    private static final int MAX_SESSIONS = 32;

    private final LinkedHashMap<AccountKey, AccountState> states;

    StateCache(int capacity) {
        this.states = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<AccountKey, AccountState> eldest) {
                return size() > capacity;
            }
        };
    }

    @Nullable
    AccountState get(AccountKey key) {
        return states.get(key);
    }

    void put(AccountState state) {
        states.put(state.key(), state.sessions().size() > MAX_SESSIONS ? state.withSessions(Map.of()) : state);
    }

    void forget(AccountKey key) {
        states.remove(key);
    }
}

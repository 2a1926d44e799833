package dev.octroi.access;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which clients this gateway has given tokens lately; those that were quiet longest are forgotten beyond a bound. */
final class RecentClients {
    private static final int MAX_CLIENTS = 10_000;

    private final Map<String, Boolean> clients = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    synchronized void add(String clientId) {
        clients.put(clientId, true);
    }

    synchronized boolean contains(String clientId) {
        return clients.get(clientId) != null;
    }
}

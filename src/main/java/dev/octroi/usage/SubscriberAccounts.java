package dev.octroi.usage;

import dev.octroi.db.Database;
import dev.octroi.quota.AccountKey;
import dev.octroi.quota.AccountStore;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the accounts of subscribers as networks name them. */
final class SubscriberAccounts {
    private final Database database;
    private final AccountStore links = new AccountStore();

    SubscriberAccounts(Database database) {
        this.database = database;
    }

    /** Finds the accounts of all lines in one statement. */
    Future<Map<Subscriber, AccountKey>> find(List<? extends Reported> read) {
        Map<Subscriber, Integer> wanted = new LinkedHashMap<>();
        for (Reported line : read) {
            Subscriber subscriber = switch (line) {
                case Reported.Usage usage -> usage.subscriber();
                case Reported.Location location -> location.subscriber();
                case Reported.Bad bad -> null;
            };
            if (subscriber != null) {
                wanted.putIfAbsent(subscriber, wanted.size());
            }
        }
        if (wanted.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        List<Subscriber> subscribers = List.copyOf(wanted.keySet());
        String[] kinds = subscribers.stream().map(each -> each.kind().name()).toArray(String[]::new);
        byte[][] hashes = subscribers.stream().map(Subscriber::hash).toArray(byte[][]::new);
        return links.find(database.workerPool(), kinds, hashes).map(keys -> {
            Map<Subscriber, AccountKey> found = new LinkedHashMap<>();
            for (int i = 0; i < keys.length; i++) {
                AccountKey key = keys[i];
                if (key != null) {
                    found.put(subscribers.get(i), key);
                }
            }
            return found;
        });
    }
}

package dev.octroi.usage;

import dev.octroi.db.Database;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.account.AccountKey;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the accounts of subscribers as networks name them. */
final class SubscriberAccounts {
    private final Database database;
    private final @Nullable KnownSubscribers known;
    private final AccountStore links = new AccountStore();

    /** @param known remembers those found lately; empty: each is looked up each time */
    SubscriberAccounts(Database database, Optional<KnownSubscribers> known) {
        this.database = database;
        this.known = known.orElse(null);
    }

    /** Finds the accounts of all lines, in one statement where not all are known. */
    Future<Map<Subscriber, AccountKey>> find(List<? extends Reported> read) {
        Map<Subscriber, AccountKey> found = new HashMap<>();
        Set<Subscriber> wanted = new LinkedHashSet<>();
        for (Reported line : read) {
            Subscriber subscriber = subscriber(line);
            if (subscriber != null && !found.containsKey(subscriber)) {
                AccountKey account = known == null ? null : known.account(subscriber);
                if (account == null) {
                    wanted.add(subscriber);
                } else {
                    found.put(subscriber, account);
                }
            }
        }
        return wanted.isEmpty()
                ? Future.succeededFuture(found)
                : ask(List.copyOf(wanted)).map(asked -> {
                    found.putAll(asked);
                    return found;
                });
    }

    private static @Nullable Subscriber subscriber(Reported line) {
        return switch (line) {
            case Reported.Usage usage -> usage.subscriber();
            case Reported.Location location -> location.subscriber();
            case Reported.Bad bad -> null;
        };
    }

    private Future<Map<Subscriber, AccountKey>> ask(List<Subscriber> subscribers) {
        long asked = known == null ? 0 : known.epoch();
        String[] kinds = subscribers.stream().map(each -> each.kind().name()).toArray(String[]::new);
        byte[][] hashes = subscribers.stream().map(Subscriber::hash).toArray(byte[][]::new);
        return links.find(database.workerPool(), kinds, hashes).map(keys -> {
            Map<Subscriber, AccountKey> found = new HashMap<>();
            for (int i = 0; i < keys.length; i++) {
                AccountKey key = keys[i];
                if (key != null) {
                    found.put(subscribers.get(i), key);
                }
            }
            if (known != null) {
                known.remember(found, asked);
            }
            return found;
        });
    }
}

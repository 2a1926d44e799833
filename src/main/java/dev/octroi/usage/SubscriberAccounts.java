package dev.octroi.usage;

import dev.octroi.db.Database;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountLink;
import dev.octroi.quota.account.UsageRecord;
import io.vertx.core.Future;
import java.util.ArrayList;
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
    private final AccountLinkStore store = new AccountLinkStore();

    /** @param known remembers those found lately; empty: each is looked up each time */
    SubscriberAccounts(Database database, Optional<KnownSubscribers> known) {
        this.database = database;
        this.known = known.orElse(null);
    }

    /** Whom the subscribers of all lines are linked to, found in one statement where not all are known. */
    Future<Map<Subscriber, AccountLink>> find(List<? extends Reported> read) {
        Map<Subscriber, AccountLink> found = new HashMap<>();
        Set<Subscriber> wanted = new LinkedHashSet<>();
        for (Reported line : read) {
            Subscriber subscriber = subscriber(line);
            if (subscriber != null && !found.containsKey(subscriber)) {
                AccountLink link = known == null ? null : known.link(subscriber);
                if (link == null) {
                    wanted.add(subscriber);
                } else {
                    found.put(subscriber, link);
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

    /**
     * The account of each record: the one that its subscriber was linked to when it ended. In the order of the lines, null where
     * there is none. Only what ended before the link of today, or has none, is asked for.
     */
    Future<@Nullable AccountKey[]> ofRecords(List<? extends Reported> read) {
        return find(read).compose(links -> {
            @Nullable AccountKey[] accounts = new @Nullable AccountKey[read.size()];
            List<Integer> places = new ArrayList<>();
            List<AccountLinkStore.Use> earlier = new ArrayList<>();
            for (int i = 0; i < accounts.length; i++) {
                if (read.get(i) instanceof Reported.Usage usage) {
                    AccountLink link = links.get(usage.subscriber());
                    accounts[i] = link == null ? null : link.account();
                    if (link == null || usage.record().eventEnd().isBefore(link.since())) {
                        places.add(i);
                        earlier.add(use(usage.subscriber(), usage.record()));
                    }
                }
            }
            return earlier.isEmpty()
                    ? Future.succeededFuture(accounts)
                    : store.at(database.workerPool(), earlier).map(keys -> {
                        for (int i = 0; i < keys.length; i++) {
                            accounts[places.get(i)] = keys[i];
                        }
                        return accounts;
                    });
        });
    }

    /** Who used it when. */
    static AccountLinkStore.Use use(Subscriber subscriber, UsageRecord record) {
        return new AccountLinkStore.Use(subscriber.kind().name(), subscriber.hash(), record.eventEnd());
    }

    private static @Nullable Subscriber subscriber(Reported line) {
        return switch (line) {
            case Reported.Usage usage -> usage.subscriber();
            case Reported.Location location -> location.subscriber();
            case Reported.Bad bad -> null;
        };
    }

    private Future<Map<Subscriber, AccountLink>> ask(List<Subscriber> subscribers) {
        long asked = known == null ? 0 : known.epoch();
        String[] kinds = subscribers.stream().map(each -> each.kind().name()).toArray(String[]::new);
        byte[][] hashes = subscribers.stream().map(Subscriber::hash).toArray(byte[][]::new);
        return store.find(database.workerPool(), kinds, hashes).map(links -> {
            Map<Subscriber, AccountLink> found = new HashMap<>();
            for (int i = 0; i < links.length; i++) {
                AccountLink link = links[i];
                if (link != null) {
                    found.put(subscribers.get(i), link);
                }
            }
            if (known != null) {
                known.remember(found, asked);
            }
            return found;
        });
    }
}

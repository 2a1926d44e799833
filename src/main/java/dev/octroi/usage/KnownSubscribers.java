package dev.octroi.usage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.octroi.db.Announcements;
import dev.octroi.db.Database;
import dev.octroi.quota.account.AccountLink;
import dev.octroi.secret.IdentifierKind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of the subscribers that were reported lately. The database announces each that moves or is unlinked, so that
 * what is remembered is right but for the milliseconds that an announcement takes. While announcements cannot be heard
 * nothing is remembered. From any thread.
 */
public final class KnownSubscribers implements Announcements.Listener, AutoCloseable {
    private static final String CHANNEL = "octroi_link_moved";

    /**
     * Should an announcement ever be missed, which only happens when somebody switches the trigger off: a connection that is
     * lost, even without a word, is noticed and forgets all. A minute here made most records of a large fleet ask again.
     */
    private static final Duration MAX_AGE = Duration.ofHours(1);

    /** What an entry takes in memory, roughly. */
    private static final int ENTRY_BYTES = 300;

    private static final int MIN_ENTRIES = 10_000;
    private static final int MAX_ENTRIES = 2_000_000;

    private final Cache<Subscriber, AccountLink> links;
    /** One more whenever something was forgotten: what was asked for before that may be out of date. */
    private final AtomicLong epoch = new AtomicLong();

    private final Announcements announcements;
    private volatile boolean listening;

    /** Begins to listen; takes at most a twentieth of the heap. */
    public KnownSubscribers(Database database) {
        this.links = Caffeine.newBuilder()
                .maximumSize(Math.clamp(Runtime.getRuntime().maxMemory() / 20 / ENTRY_BYTES, MIN_ENTRIES, MAX_ENTRIES))
                .expireAfterWrite(MAX_AGE)
                .build();
        this.announcements = database.announcements(CHANNEL, this);
    }

    /** Whom a subscriber is linked to; null where it is not remembered. */
    @Nullable
    AccountLink link(Subscriber subscriber) {
        return links.getIfPresent(subscriber);
    }

    /** Ask for it before the database is asked, for {@link #remember}. */
    long epoch() {
        return epoch.get();
    }

    /**
     * Remembers what the database said, unless something was announced since it was asked.
     *
     * @param asked {@link #epoch} before that
     */
    void remember(Map<Subscriber, AccountLink> found, long asked) {
        if (!listening) {
            return;
        }
        links.putAll(found);
        if (epoch.get() != asked) {
            links.invalidateAll(found.keySet());
        }
    }

    @Override
    public void connected() {
        epoch.incrementAndGet();
        listening = true;
    }

    @Override
    public void heard(String payload) {
        epoch.incrementAndGet();
        Subscriber moved = subscriber(payload);
        if (moved == null) {
            links.invalidateAll();
        } else {
            links.invalidate(moved);
        }
    }

    @Override
    public void lost() {
        listening = false;
        epoch.incrementAndGet();
        links.invalidateAll();
    }

    @Override
    public void close() {
        announcements.close();
    }

    /** Whom the database means; null where it is not understood. */
    private static @Nullable Subscriber subscriber(String payload) {
        for (IdentifierKind kind : IdentifierKind.values()) {
            String prefix = kind.name() + ":";
            if (payload.startsWith(prefix)) {
                return new Subscriber(kind, payload.substring(prefix.length()));
            }
        }
        return null;
    }
}

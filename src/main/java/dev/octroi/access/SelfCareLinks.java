package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.Pieces;
import dev.octroi.db.PublicId;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.HmacSha256;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * Travellers' links to the page of one subscription. The token of a link is a keyed function of its number and is itself stored
 * only as a keyed hash: nobody can tell it without the installation's key, and the same link can be given out again. Whoever has
 * it may see that subscription's usage and set its limits, and nothing else.
 */
public final class SelfCareLinks {
    private static final String PREFIX = "oct_";
    private static final int TOKEN_BYTES = 20;
    private static final int TOKEN_LENGTH = PREFIX.length() + 27;
    private static final int MAX_REMEMBERED = 4_096;
    private static final Duration REMEMBER = Duration.ofSeconds(15);
    private static final int PURGED_AT_ONCE = 1_000;
    private static final int PURGE_ROUNDS = 20;

    private final Database database;
    private final BlindIndex index;
    private final Ids ids;
    private final SecretKey key;
    private final InstantSource clock;
    private final Duration life;
    private final SelfCareLinkStore store = new SelfCareLinkStore();
    private final BoundedCache<String, Principal> found;

    /**
     * @param key what tokens are made with
     * @param life how long a link is good whatever becomes of the plan, the setting {@code access.selfCareLinkLife}
     */
    public SelfCareLinks(
            Database database, BlindIndex index, Ids ids, SecretKey key, InstantSource clock, Duration life) {
        this.database = requireNonNull(database, "database is null");
        this.index = requireNonNull(index, "index is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.key = requireNonNull(key, "key is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.life = requireNonNull(life, "life is null");
        this.found = new BoundedCache<>(MAX_REMEMBERED, clock);
    }

    /** Whether a bearer value is a link token by its form. */
    private static boolean isLinkToken(String token) {
        return token.length() == TOKEN_LENGTH && token.startsWith(PREFIX);
    }

    /**
     * The token of a link, in the caller's transaction: of the newest one where that is good for at least half a link's life,
     * otherwise of a new one. So a subscription has few links, however often it is asked for one.
     *
     * @param connection of the tenant's or of the worker role
     */
    public Future<Sensitive<String>> issue(SqlConnection connection, int tenantId, long subscriptionId) {
        Instant now = clock.instant();
        return store.newest(connection, tenantId, subscriptionId, now.plus(life.dividedBy(2)))
                .compose(newest -> newest.filter(this::isOurs)
                        .map(found -> Future.succeededFuture(Sensitive.of(token(found.id()))))
                        .orElseGet(() -> make(connection, tenantId, subscriptionId, now)));
    }

    private Future<Sensitive<String>> make(SqlConnection connection, int tenantId, long subscriptionId, Instant now) {
        long id = ids.next(Ids.shardOf(subscriptionId));
        return store.insert(connection, tenantId, id, subscriptionId, hash(token(id)), now, now.plus(life))
                .map(inserted -> Sensitive.of(token(id)));
    }

    /** Links from before tokens were made with the key cannot be given out again. */
    private boolean isOurs(SelfCareLinkStore.Newest newest) {
        return MessageDigest.isEqual(hash(token(newest.id())), newest.tokenHash());
    }

    private String token(long id) {
        byte[] made =
                HmacSha256.of(key, ByteBuffer.allocate(Long.BYTES).putLong(id).array());
        return PREFIX + Base64Url.encode(Arrays.copyOf(made, TOKEN_BYTES));
    }

    private byte[] hash(String token) {
        return index.network(IdentifierKind.TOKEN, token);
    }

    /**
     * Ends all links of a subscription, in the caller's transaction; {@link #forget} comes after its commit. Other gateways
     * notice within 15 seconds.
     */
    public Future<Void> revoke(SqlConnection connection, int tenantId, long subscriptionId) {
        return store.revoke(connection, tenantId, subscriptionId, clock.instant());
    }

    /** Has this gateway look every link up again. */
    public void forget() {
        found.clear();
    }

    /** Removes links of all tenants that have ended and prolongs those that live on, up to 20,000 of them; gives how many. */
    public Future<Integer> purge() {
        return Pieces.remove(
                database,
                connection -> {
                    Instant now = clock.instant();
                    return store.purge(connection, now, now.plus(life), PURGED_AT_ONCE);
                },
                PURGED_AT_ONCE,
                PURGE_ROUNDS);
    }

    /**
     * The traveller that a token names; empty when there is no such link, or it has ended. A link does not end in the middle of a
     * plan: until 14 days after it, and within 400 days of its making where the plan has not begun, it is good.
     */
    public Future<Optional<Principal>> find(String token) {
        if (!isLinkToken(token)) {
            return Future.succeededFuture(Optional.empty());
        }
        Principal remembered = found.get(token);
        if (remembered != null) {
            return Future.succeededFuture(Optional.of(remembered));
        }
        Instant now = clock.instant();
        return store.find(database.workerPool(), hash(token), now)
                .map(link -> link.map(row -> remember(token, row, now)));
    }

    private Principal remember(String token, SelfCareLinkStore.Link link, Instant now) {
        Instant until = now.plus(REMEMBER);
        // One that outlives its life lives as long as its plan: that is looked up each time.
        Instant end = link.expiresAt().isAfter(now) ? link.expiresAt() : until;
        Principal principal = new Principal(
                link.tenantId(),
                "traveller",
                Scopes.SELF_CARE,
                "link_" + Long.toUnsignedString(link.id(), 36),
                Set.of(PublicId.SUBSCRIPTION.format(link.subscriptionId())),
                OptionalLong.of(link.subscriptionId()),
                end);
        found.put(token, principal, until.isBefore(end) ? until : end);
        return principal;
    }
}

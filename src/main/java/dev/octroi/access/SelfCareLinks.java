package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Travellers' links to the page of one subscription. The token of a link is random and stored only as a keyed hash; whoever
 * has it may see that subscription's usage and set its limits, and nothing else.
 */
public final class SelfCareLinks {
    private static final String PREFIX = "oct_";
    private static final int TOKEN_BYTES = 20;
    private static final int TOKEN_LENGTH = PREFIX.length() + 27;
    private static final int MAX_REMEMBERED = 4_096;
    private static final Duration REMEMBER = Duration.ofSeconds(15);

    private final Database database;
    private final BlindIndex index;
    private final Ids ids;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Duration life;
    private final SelfCareLinkStore store = new SelfCareLinkStore();
    private final BoundedCache<String, Principal> found;

    /**
     * @param life how long a link is good, the setting {@code access.selfCareLinkLife}
     */
    public SelfCareLinks(
            Database database, BlindIndex index, Ids ids, SecureRandom random, InstantSource clock, Duration life) {
        this.database = requireNonNull(database, "database is null");
        this.index = requireNonNull(index, "index is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.random = requireNonNull(random, "random is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.life = requireNonNull(life, "life is null");
        this.found = new BoundedCache<>(MAX_REMEMBERED, clock);
    }

    /** Whether a bearer value is a link token by its form. */
    public static boolean isLinkToken(String token) {
        return token.length() == TOKEN_LENGTH && token.startsWith(PREFIX);
    }

    /**
     * Makes a link in the caller's transaction and returns its token, which cannot be read again later.
     *
     * @param connection of the tenant's or of the worker role
     */
    public Future<Sensitive<String>> issue(SqlConnection connection, int tenantId, long subscriptionId) {
        byte[] secret = new byte[TOKEN_BYTES];
        random.nextBytes(secret);
        String token = PREFIX + Base64Url.encode(secret);
        Instant now = clock.instant();
        return store.insert(
                        connection,
                        tenantId,
                        ids.next(Ids.shardOf(subscriptionId)),
                        subscriptionId,
                        index.network(IdentifierKind.TOKEN, token),
                        now,
                        now.plus(life))
                .map(inserted -> Sensitive.of(token));
    }

    /** Ends all links of a subscription, in the caller's transaction; other gateways notice within 15 seconds. */
    public Future<Void> revoke(SqlConnection connection, int tenantId, long subscriptionId) {
        found.clear();
        return store.revoke(connection, tenantId, subscriptionId, clock.instant());
    }

    /** The traveller that a token names; empty when there is no such link, or it has ended. */
    public Future<Optional<Principal>> find(String token) {
        if (!isLinkToken(token)) {
            return Future.succeededFuture(Optional.empty());
        }
        Principal remembered = found.get(token);
        if (remembered != null) {
            return Future.succeededFuture(Optional.of(remembered));
        }
        Instant now = clock.instant();
        return store.find(database.workerPool(), index.network(IdentifierKind.TOKEN, token), now)
                .map(link -> link.map(row -> remember(token, row, now)));
    }

    private Principal remember(String token, SelfCareLinkStore.Link link, Instant now) {
        Principal principal = new Principal(
                link.tenantId(),
                "traveller",
                Scopes.SELF_CARE,
                "link_" + Long.toUnsignedString(link.id(), 36),
                Set.of(PublicId.SUBSCRIPTION.format(link.subscriptionId())),
                OptionalLong.of(link.subscriptionId()),
                link.expiresAt());
        Instant until = now.plus(REMEMBER);
        found.put(token, principal, until.isBefore(link.expiresAt()) ? until : link.expiresAt());
        return principal;
    }
}

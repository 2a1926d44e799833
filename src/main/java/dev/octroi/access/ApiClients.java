package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes machine clients and recognises them by their secret. Hashes of earlier versions take some tenths of a second: they are
 * compared on two threads of their own with a bounded queue, and replaced by quick ones when the secret is right.
 */
public final class ApiClients {
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int ID_LENGTH = 16;
    private static final int SECRET_BYTES = 32;
    private static final int MAX_HASHING = 32;

    private final Database database;
    private final SecureRandom random;
    private final InstantSource clock;
    private final ApiClientStore store = new ApiClientStore();
    private final WorkerExecutor hashing;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * A client that was just made.
     *
     * @param secret shown once; only its hash is kept
     */
    public record Created(String clientId, Sensitive<String> secret) {}

    public ApiClients(Vertx vertx, Database database, SecureRandom random, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.random = requireNonNull(random, "random is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.hashing = vertx.createSharedWorkerExecutor("client-secrets", 2);
    }

    /**
     * A client as it is listed.
     *
     * @param disabled whether it gets no tokens any more
     * @param previousUntil until when the secret before the last rotation is good as well; it may be over
     */
    public record Listed(
            String clientId,
            String name,
            Set<String> scopes,
            Set<String> targets,
            Instant createdAt,
            boolean disabled,
            Optional<Instant> previousUntil) {
        public Listed {
            scopes = Set.copyOf(scopes);
            targets = Set.copyOf(targets);
        }
    }

    /** Makes a client that may touch everything its scopes allow. */
    public Future<Created> create(SqlConnection connection, int tenantId, String name, Set<String> scopes) {
        return create(connection, tenantId, name, scopes, Set.of());
    }

    /** Makes a client with scopes of {@link Scopes#GRANTABLE} and {@link Targets}, in the caller's transaction. */
    public Future<Created> create(
            SqlConnection connection, int tenantId, String name, Set<String> scopes, Set<String> targets) {
        if (scopes.isEmpty() || !Scopes.GRANTABLE.containsAll(scopes)) {
            return Future.failedFuture(new IllegalArgumentException("no scope, or one that cannot be granted"));
        }
        String secret = secret();
        StringBuilder id = new StringBuilder("cli_");
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        ApiClient client = new ApiClient(
                tenantId,
                id.toString(),
                scopes,
                targets,
                Optional.empty(),
                SecretHash.of(secret, random),
                Optional.empty());
        return store.insert(connection, client, name, clock.instant())
                .map(inserted -> new Created(client.clientId(), Sensitive.of(secret)));
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** A client of a tenant, enabled or not. */
    public Future<Optional<Listed>> one(SqlClient client, int tenantId, String clientId) {
        return store.one(client, tenantId, clientId);
    }

    /** A client of a tenant, which nobody else changes until the caller's transaction ends. */
    public Future<Optional<Listed>> lock(SqlConnection connection, int tenantId, String clientId) {
        return store.lock(connection, tenantId, clientId);
    }

    /**
     * Gives a client another secret.
     *
     * @param previousUntil until when the one before is good as well; empty: it is not
     * @return the secret, shown once
     */
    public Future<Sensitive<String>> rotate(
            SqlConnection connection, int tenantId, String clientId, Optional<Instant> previousUntil) {
        String secret = secret();
        SecretHash hash = SecretHash.of(secret, random);
        return store.rotate(connection, tenantId, clientId, hash, previousUntil, clock.instant())
                .map(kept -> Sensitive.of(secret));
    }

    /** Clients of a tenant whose ids come after one, in the order of ids. */
    public Future<List<Listed>> list(SqlClient client, int tenantId, String afterId, int limit) {
        return store.list(client, tenantId, afterId, limit);
    }

    /** Ends a client; its tokens end within their own life. False when there is no such enabled client. */
    public Future<Boolean> disable(SqlConnection connection, int tenantId, String clientId) {
        return store.disable(connection, tenantId, clientId, clock.instant());
    }

    /** The client that a secret belongs to. */
    Future<Optional<ApiClient>> authenticate(String clientId, String secret) {
        return store.find(database.workerPool(), clientId, clock.instant())
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(found)
                        : matches(found.get(), secret).map(matches -> found.filter(client -> matches)));
    }

    private Future<Boolean> matches(ApiClient client, String secret) {
        return matches(client.secret(), secret).compose(current -> {
            if (current) {
                return hastened(client, secret).map(true);
            }
            return client.previous()
                    .map(before -> matches(before, secret))
                    .orElseGet(() -> Future.succeededFuture(false));
        });
    }

    private Future<Boolean> matches(SecretHash stored, String secret) {
        return stored.isSlow() ? hash(() -> stored.matches(secret)) : Future.succeededFuture(stored.matches(secret));
    }

    private Future<Void> hastened(ApiClient client, String secret) {
        return client.secret().isSlow()
                ? store.rehash(database.workerPool(), client, SecretHash.of(secret, random))
                : Future.succeededFuture();
    }

    /** Stops the hashing threads. */
    public Future<Void> close() {
        return hashing.close();
    }

    private <T> Future<T> hash(Callable<T> work) {
        if (waiting.incrementAndGet() > MAX_HASHING) {
            waiting.decrementAndGet();
            return Future.failedFuture(new RejectedExecutionException("too many secrets to check"));
        }
        return hashing.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
    }
}

package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Pieces;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes a write safe to repeat: its answer is kept in the transaction of its effect, so either both are there or
 * neither. A repeated request gets the kept answer with {@code Idempotency-Replayed: true}; while the first one runs,
 * 409; with another payload, 422. Refusals (4xx) are kept like successes, except 401, 403 and 429; 5xx never are.
 */
public final class Idempotency {

    /** How long an answer is kept. */
    public static final Duration LIFE = Duration.ofDays(2);

    private static final int MAX_RESPONSE_BYTES = 256 * 1024;

    // An answer may be large: few at once, but more in ten minutes than all tenants may write.
    private static final int PURGE_ROWS = 2_000;
    private static final int PURGE_PIECES = 100;

    private final IdempotencyStore store = new IdempotencyStore();
    private final Sealer sealer;
    private final InstantSource clock;

    /** Keeps answers sealed by this sealer. */
    public Idempotency(Sealer sealer, InstantSource clock) {
        this.sealer = requireNonNull(sealer, "sealer is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Runs an effect once for a key.
     *
     * @param connection inside the transaction of the key's tenant (of the worker role for tenant 0)
     * @param effect makes the change on the same connection and gives the answer; a {@link ProblemException} undoes
     *     what it did and is answered
     * @return the answer, fresh or replayed
     */
    public Future<Reply> run(
            SqlConnection connection, IdempotencyKey key, Function<SqlConnection, Future<Reply>> effect) {
        Instant now = clock.instant();
        return store.tryLock(connection, key).compose(locked -> {
            if (!locked) {
                return Future.failedFuture(Problem.of(ProblemType.IDEMPOTENCY_KEY_IN_USE)
                        .toException()
                        .withHeader("Retry-After", "1"));
            }
            // A statement of its own after the lock: it sees what the holder before us has committed.
            return store.find(connection, key, now)
                    .compose(kept ->
                            kept.map(found -> replay(key, found)).orElseGet(() -> first(connection, key, effect, now)));
        });
    }

    /**
     * Notes, in a transaction of its own, that an effect is about to be made that commits apart from its answer. Call it
     * before {@link #run}.
     *
     * @return whether that was noted before: then an attempt broke off without an answer, unless one is kept, and may have
     *     had its effect
     */
    public Future<Boolean> begin(SqlConnection connection, IdempotencyKey key) {
        Instant now = clock.instant();
        return store.begin(connection, key, now, now.plus(LIFE)).map(isNew -> !isNew);
    }

    /** Forgets what {@link #begin} noted: the attempt that noted it is known to have had no effect. */
    public Future<Void> forgetBegun(SqlConnection connection, IdempotencyKey key) {
        return store.forgetBegun(connection, key);
    }

    /** Removes expired answers and notes of begun effects, up to 200,000 of each; how many. For a job. */
    public Future<Integer> purge(Database database) {
        return Pieces.remove(
                        database,
                        connection -> store.purgeBegun(connection, clock.instant(), PURGE_ROWS),
                        PURGE_ROWS,
                        PURGE_PIECES)
                .compose(begun -> Pieces.remove(
                                database,
                                connection -> store.purge(connection, clock.instant(), PURGE_ROWS),
                                PURGE_ROWS,
                                PURGE_PIECES)
                        .map(answers -> begun + answers));
    }

    private Future<Reply> replay(IdempotencyKey key, IdempotencyStore.Kept kept) {
        if (!key.hasFingerprint(kept.fingerprint())) {
            return Future.failedFuture(
                    Problem.of(ProblemType.IDEMPOTENCY_KEY_REUSED).toException());
        }
        return Future.succeededFuture(
                open(key, kept.status(), kept.response()).withHeader("Idempotency-Replayed", "true"));
    }

    private Future<Reply> first(
            SqlConnection connection, IdempotencyKey key, Function<SqlConnection, Future<Reply>> effect, Instant now) {
        return store.savepoint(connection)
                .compose(set -> effect.apply(connection))
                .compose(
                        reply -> reply.status() < 500
                                ? keep(connection, key, reply, now)
                                : Future.succeededFuture(reply),
                        failure -> failure instanceof ProblemException problem && isKept(problem)
                                ? refused(connection, key, problem, now)
                                : Future.failedFuture(failure));
    }

    private Future<Reply> keep(SqlConnection connection, IdempotencyKey key, Reply reply, Instant now) {
        return store.keep(connection, key, reply.status(), seal(key, reply), now, now.plus(LIFE))
                .map(reply);
    }

    /**
     * Undoes what the effect did and keeps the refusal. When the refusal stems from a failed statement, the driver has
     * given up the whole transaction and will not commit it, savepoint or not: then the refusal is answered without being
     * kept.
     */
    private Future<Reply> refused(SqlConnection connection, IdempotencyKey key, ProblemException problem, Instant now) {
        return store.probe(connection)
                .compose(alive -> store.undo(connection))
                .compose(undone -> keep(connection, key, Reply.problem(problem), now))
                .recover(lost -> Future.failedFuture(problem));
    }

    private static boolean isKept(ProblemException problem) {
        int status = problem.problem().status();
        return status < 500 && status != 401 && status != 403 && status != 429;
    }

    private byte[] seal(IdempotencyKey key, Reply reply) {
        JsonObject json = new JsonObject().put("headers", new JsonObject(new HashMap<>(reply.headers())));
        if (reply.mediaType() != null) {
            json.put("mediaType", reply.mediaType());
        }
        Buffer body = reply.body();
        if (body != null) {
            json.put("body", body.getBytes());
        }
        byte[] clear = json.toBuffer().getBytes();
        if (clear.length > MAX_RESPONSE_BYTES) {
            throw new IllegalStateException("an idempotent operation's answer exceeds " + MAX_RESPONSE_BYTES);
        }
        return sealer.seal(place(key), clear);
    }

    private Reply open(IdempotencyKey key, int status, byte[] sealed) {
        JsonObject json = new JsonObject(Buffer.buffer(sealer.open(place(key), sealed)));
        Map<String, String> headers = new HashMap<>();
        json.getJsonObject("headers").forEach(entry -> headers.put(entry.getKey(), String.valueOf(entry.getValue())));
        byte[] body = json.getBinary("body");
        return new Reply(status, headers, json.getString("mediaType"), body == null ? null : Buffer.buffer(body));
    }

    private static Aad place(IdempotencyKey key) {
        return new Aad(key.tenantId(), "idempotency_key", "response", key.reference());
    }
}

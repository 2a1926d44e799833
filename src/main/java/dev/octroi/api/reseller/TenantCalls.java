package dev.octroi.api.reseller;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Database;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.Cursors.Position;
import dev.octroi.http.Idempotency;
import dev.octroi.http.IdempotencyKey;
import dev.octroi.http.Page;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Runs the work of requests in the transaction of the tenant that the token names. */
final class TenantCalls {
    private static final int DEFAULT_LIMIT = 50;

    private final Database database;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final AuditLog audit = new AuditLog();
    private final InstantSource clock;

    TenantCalls(Database database, Idempotency idempotency, Cursors cursors, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.idempotency = requireNonNull(idempotency, "idempotency is null");
        this.cursors = requireNonNull(cursors, "cursors is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Who calls; refuses the operator with 403, under whose number nobody would see what was sold. */
    Caller caller(ApiCall call) {
        Caller caller = Caller.of(call);
        if (caller.tenantId() == Principal.OPERATOR) {
            throw Problem.of(ProblemType.FORBIDDEN, "This API is for resellers; the operator has the admin API")
                    .withCode("resellers_only")
                    .toException();
        }
        return caller;
    }

    /** Work that may be repeated as it is. */
    <T> Future<T> run(ApiCall call, TenantWork<T> work) {
        Caller caller = caller(call);
        return database.inTenant(caller.tenantId(), connection -> work.run(connection, caller));
    }

    /** Work that is done once for an {@code Idempotency-Key}; its answer is kept in the same transaction. */
    Future<Reply> once(ApiCall call, TenantWork<Reply> work) {
        Caller caller = caller(call);
        IdempotencyKey key = key(call, caller);
        return database.inTenant(
                caller.tenantId(), connection -> idempotency.run(connection, key, inside -> work.run(inside, caller)));
    }

    /**
     * As {@link #once}, for work whose effect commits before its answer and that is not done twice without harm.
     *
     * @param work gets, outside of any transaction, whether an attempt before may have had its effect: it broke off before its
     *     answer was kept
     * @param mayHaveActed whether this attempt may have had its effect; where it failed without, it is as if it had not been
     */
    Future<Reply> onceBeside(
            ApiCall call, Function<Boolean, Future<TenantWork<Reply>>> work, BooleanSupplier mayHaveActed) {
        Caller caller = caller(call);
        IdempotencyKey key = key(call, caller);
        return database.inTenant(caller.tenantId(), connection -> idempotency.begin(connection, key))
                .compose(begunBefore -> work.apply(begunBefore)
                        .compose(ready -> once(call, ready))
                        .recover(failure -> begunBefore || mayHaveActed.getAsBoolean()
                                ? Future.failedFuture(failure)
                                : forgetBegun(caller, key).transform(done -> Future.failedFuture(failure))));
    }

    private Future<Void> forgetBegun(Caller caller, IdempotencyKey key) {
        return database.inTenant(caller.tenantId(), connection -> idempotency.forgetBegun(connection, key));
    }

    /**
     * As {@link #once}, for work on what a tenant's role may not see; it names the caller's tenant in every statement, and
     * waits for no other connection: others hold one of the tenant's role while they wait for one of the worker's.
     */
    Future<Reply> onceAsWorker(ApiCall call, TenantWork<Reply> work) {
        Caller caller = caller(call);
        IdempotencyKey key = key(call, caller);
        return database.inWorker(connection -> idempotency.run(connection, key, inside -> work.run(inside, caller)));
    }

    /** Work that may be repeated as it is, on what a tenant's role may not see; it names the caller's tenant in every statement. */
    <T> Future<T> asWorker(Function<SqlConnection, Future<T>> work) {
        return database.inWorker(work);
    }

    /**
     * Keeps what the caller did, as the last statement of its transaction: the log's end is locked until the commit.
     *
     * @param after members of what holds now
     */
    Future<Void> audit(SqlConnection connection, Caller caller, String action, String objectId, Map<String, ?> after) {
        return audit(connection, caller, action, objectId, null, after);
    }

    /** The same with the reason that the caller gave. */
    Future<Void> audit(
            SqlConnection connection,
            Caller caller,
            String action,
            String objectId,
            @Nullable String reason,
            Map<String, ?> after) {
        return audit.append(
                connection,
                new AuditEntry(
                        caller.tenantId(),
                        clock.instant(),
                        caller.clientId(),
                        action,
                        objectId,
                        reason,
                        null,
                        after,
                        caller.tokenId()));
    }

    /** The key of a call. */
    static IdempotencyKey key(ApiCall call, Caller caller) {
        return IdempotencyKey.of(call, caller.tenantId(), caller.clientId());
    }

    /**
     * A page of a list that goes from the newest identifier to the oldest.
     *
     * @param list names the list and its filters
     * @param source fetches items older than an identifier, at most so many
     */
    <T> Future<Reply> page(
            ApiCall call, String list, Source<T> source, ToLongFunction<T> id, Function<T, JsonObject> json) {
        Caller caller = caller(call);
        String name = caller.tenantId() + "/" + list;
        int limit = limit(call);
        long beforeId = cursors.after(call, name).map(Position::id).orElse(Long.MAX_VALUE);
        return database.inTenant(
                        caller.tenantId(),
                        connection -> source.fetch(connection, caller.tenantId(), beforeId, limit + 1))
                .map(items -> Page.reply(
                        call, items, limit, cursors, name, json, item -> new Position("", id.applyAsLong(item))));
    }

    /** The cursors, for lists in another order. */
    Cursors cursors() {
        return cursors;
    }

    /** How many items a page may have, 1 to 200. */
    static int limit(ApiCall call) {
        return call.queryInt("limit", DEFAULT_LIMIT);
    }

    /** Where the items of a page come from. */
    @FunctionalInterface
    interface Source<T> {
        /** Items older than an identifier, newest first. */
        Future<List<T>> fetch(SqlConnection connection, int tenantId, long beforeId, int limit);
    }
}

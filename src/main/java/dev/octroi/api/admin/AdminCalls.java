package dev.octroi.api.admin;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.access.TenantStore;
import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Database;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Idempotency;
import dev.octroi.http.IdempotencyKey;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every admin operation does around its own work: who calls, which tenant, once, and into the audit log. */
final class AdminCalls {
    /** The tenant number of the installation's operator. */
    static final int OPERATOR = Principal.OPERATOR;

    private static final int DEFAULT_LIMIT = 50;

    private final Database database;
    private final Idempotency idempotency;
    private final TenantStore tenants;
    private final AuditLog audit;
    private final InstantSource clock;

    AdminCalls(Database database, Idempotency idempotency, TenantStore tenants, AuditLog audit, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.idempotency = requireNonNull(idempotency, "idempotency is null");
        this.tenants = requireNonNull(tenants, "tenants is null");
        this.audit = requireNonNull(audit, "audit is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Who calls. */
    static Principal principal(ApiCall call) {
        return Principal.of(call.context());
    }

    /** Refuses everybody but the installation's operator with 403. */
    static void requireOperator(ApiCall call) {
        if (principal(call).tenantId() != OPERATOR) {
            throw Problem.of(ProblemType.FORBIDDEN, "Only the operator of the installation may do this")
                    .withCode("operator_only")
                    .toException();
        }
    }

    /** The tenant in the path; 404 unless it is the caller's own or the caller is the operator. */
    static int tenantInPath(ApiCall call) {
        return tenant(call, call.path("tenantId"));
    }

    /** A tenant's number from its public form, under the same rule. */
    static int tenant(ApiCall call, String publicId) {
        OptionalLong id = PublicId.TENANT.parse(publicId);
        int own = principal(call).tenantId();
        boolean visible = id.isPresent()
                && id.getAsLong() <= Integer.MAX_VALUE
                && id.getAsLong() >= 0
                && (own == OPERATOR || own == id.getAsLong());
        if (!visible) {
            throw notFound();
        }
        return (int) id.getAsLong();
    }

    /** 404, also for what belongs to someone else. */
    static ProblemException notFound() {
        return Problem.of(ProblemType.NOT_FOUND).toException();
    }

    /** The subscription that a list is asked for, 0 for all; what has no such form the contract refuses. */
    static long subscriptionInQuery(ApiCall call) {
        return call.query("subscriptionId")
                .map(id -> PublicId.SUBSCRIPTION.parse(id).orElse(-1))
                .orElse(0L);
    }

    /** How many items a page may have, 1 to 200. */
    static int limit(ApiCall call) {
        return call.queryInt("limit", DEFAULT_LIMIT);
    }

    /** The time of now. */
    Instant now() {
        return clock.instant();
    }

    /** Work that may be repeated as it is, over all tenants. */
    <T> Future<T> run(Function<SqlConnection, Future<T>> work) {
        return database.inWorker(work);
    }

    /** Work that is done once for an {@code Idempotency-Key}; its answer is kept in the same transaction. */
    Future<Reply> once(ApiCall call, Function<SqlConnection, Future<Reply>> work) {
        IdempotencyKey key = key(call);
        return database.inWorker(connection -> idempotency.run(connection, key, work));
    }

    /**
     * As {@link #once}, for work that waits for the account lanes and commits there: the key is held on a connection of the
     * tenant's pool, so that it cannot keep the lanes from the worker connections that they need.
     *
     * @param prepare gets whether an attempt before may have had its effect: it broke off before its answer was kept; what it reads
     *     it reads before the key's connection is taken, gives what is then done, which takes none of the tenant's pool
     */
    Future<Reply> onceBeside(ApiCall call, int tenantId, Function<Boolean, Future<Supplier<Future<Reply>>>> prepare) {
        IdempotencyKey key = IdempotencyKey.of(call, tenantId, principal(call).subject());
        return database.inTenant(tenantId, connection -> idempotency.begin(connection, key))
                .compose(prepare)
                .compose(work -> database.inTenant(
                        tenantId, connection -> idempotency.run(connection, key, same -> work.get())));
    }

    /** The key of a call. */
    static IdempotencyKey key(ApiCall call) {
        Principal caller = principal(call);
        return IdempotencyKey.of(call, caller.tenantId(), caller.subject());
    }

    /** Fails with 404 when there is no such tenant. */
    Future<Void> requireTenant(SqlConnection connection, int tenantId) {
        return tenants.find(connection, tenantId)
                .compose(found -> found.isPresent() ? Future.succeededFuture() : Future.failedFuture(notFound()));
    }

    /** Writes what the caller did into a tenant's chain; the last statement of a transaction. */
    Future<Void> audit(
            SqlConnection connection,
            ApiCall call,
            int tenantId,
            String action,
            String objectId,
            @Nullable String reason,
            @Nullable Map<String, ?> after) {
        return append(connection, call, new Change(tenantId, action, objectId, reason, null, after));
    }

    /** The same for what replaces something. */
    Future<Void> auditChange(
            SqlConnection connection,
            ApiCall call,
            int tenantId,
            String action,
            String objectId,
            Map<String, ?> before,
            Map<String, ?> after) {
        return append(connection, call, new Change(tenantId, action, objectId, null, before, after));
    }

    private record Change(
            int tenantId,
            String action,
            String objectId,
            @Nullable String reason,
            @Nullable Map<String, ?> before,
            @Nullable Map<String, ?> after) {}

    private Future<Void> append(SqlConnection connection, ApiCall call, Change change) {
        Principal caller = principal(call);
        return audit.append(
                connection,
                new AuditEntry(
                        change.tenantId(),
                        now(),
                        caller.subject(),
                        change.action(),
                        change.objectId(),
                        change.reason(),
                        change.before(),
                        change.after(),
                        caller.tokenId()));
    }
}

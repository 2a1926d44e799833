package dev.octroi.cli;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.TenantStore;
import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Ids;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.rsp.type.ProfileTypeStore.Draft;
import dev.octroi.rsp.type.ProfileTypeStore.Written;
import dev.octroi.rsp.type.StoredType;
import dev.octroi.rsp.type.TypeTermsJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;

/** Writes a type from the command line with its audit row, in the worker transaction of the caller. */
final class TypeWriting {
    private final ProfileTypeStore types;
    private final TenantStore tenants = new TenantStore();
    private final AuditLog audit = new AuditLog();
    private final Ids ids;
    private final InstantSource clock;

    TypeWriting(ProfileTypeStore types, Ids ids, InstantSource clock) {
        this.types = requireNonNull(types, "types is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** What came of it. */
    sealed interface Result {
        /** It is there now. */
        record Written(StoredType type) implements Result {}

        /** It was there with this package and these terms. */
        record Unchanged(StoredType type) implements Result {}

        /** Nothing was written; the sentence is for whoever typed the command. */
        record Refused(String sentence) implements Result {}
    }

    /** @param replace whether a type that is there gets its next version */
    Future<Result> write(SqlConnection connection, int tenantId, String name, Draft draft, boolean replace) {
        return tenants.find(connection, tenantId)
                .compose(tenant -> tenant.isEmpty()
                        ? refused("There is no such tenant.")
                        : types.find(connection, tenantId, name).compose(found -> {
                            if (found.isEmpty()) {
                                return types.create(connection, tenantId, ids.next(), name, draft, clock.instant())
                                        .compose(written -> told(connection, tenantId, name, draft, written, 1));
                            }
                            StoredType type = found.get();
                            if (type.retired()) {
                                return refused("The type is retired.");
                            }
                            if (isSame(type, draft)) {
                                return Future.succeededFuture(new Result.Unchanged(type));
                            }
                            return replace
                                    ? types.replace(connection, tenantId, type, draft, clock.instant())
                                            .compose(written -> told(
                                                    connection, tenantId, name, draft, written, type.version() + 1))
                                    : refused("The type is there, with another package or other terms; --replace makes"
                                            + " its next version.");
                        }));
    }

    private static boolean isSame(StoredType type, Draft draft) {
        return type.facts().equals(draft.facts())
                && TypeTermsJson.write(type.terms()).equals(TypeTermsJson.write(draft.terms()));
    }

    private Future<Result> told(
            SqlConnection connection, int tenantId, String name, Draft draft, Written written, int version) {
        return switch (written) {
            case DONE ->
                types.find(connection, tenantId, name)
                        .compose(now -> audit(connection, tenantId, name, draft, version)
                                .map(new Result.Written(now.orElseThrow())));
            case FULL -> refused("There are as many types, or versions of the type, as there may be.");
            case NAME_TAKEN, STALE, UNKNOWN -> refused("Somebody else was faster.");
        };
    }

    private Future<Void> audit(SqlConnection connection, int tenantId, String name, Draft draft, int version) {
        return audit.append(
                connection,
                new AuditEntry(
                        tenantId,
                        clock.instant(),
                        "cli:" + System.getProperty("user.name", "someone"),
                        version == 1 ? "profile_type.created" : "profile_type.replaced",
                        name,
                        null,
                        null,
                        draft.summary(version),
                        null));
    }

    private static Future<Result> refused(String sentence) {
        return Future.succeededFuture(new Result.Refused(sentence));
    }
}

package dev.octroi.rsp.type;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.profile.CompiledTemplate;
import dev.octroi.rsp.profile.ProfileTemplate;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Types of profiles and their versions. Packages are sealed and read by the worker role only. */
public final class ProfileTypeStore {
    /** No tenant needs more types than this. */
    public static final int MAX_TYPES = 200;

    private static final int MAX_VERSION = 1_000;

    private final Sealer sealer;

    public ProfileTypeStore(Sealer sealer) {
        this.sealer = requireNonNull(sealer, "sealer is null");
    }

    /** What became of a write. */
    public enum Written {
        /** It is there. */
        DONE,
        /** The name belongs to another type. */
        NAME_TAKEN,
        /** The tenant has as many types, or the type as many versions, as there may be. */
        FULL,
        /** There is no such type, or it is retired. */
        UNKNOWN,
        /** Somebody else was faster. */
        STALE
    }

    /**
     * A version to be written.
     *
     * @param terms what holds for its profiles
     * @param template its package, checked
     */
    public record Draft(TypeTerms terms, ProfileTemplate template) {
        /** What may be known of the package. */
        public StoredType.Facts facts() {
            return StoredType.Facts.of(template);
        }

        /** What goes into the audit log of a version; the package by its hash. */
        public Map<String, Object> summary(int version) {
            return Map.of(
                    "version", version,
                    "packageSha256", facts().sha256(),
                    "protection", terms.protection().text());
        }
    }

    /** Adds a type with its first version; worker role. */
    public Future<Written> create(
            SqlConnection connection, int tenantId, long id, String name, Draft draft, Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO profile_type (tenant_id, id, name, version, created_at, updated_at)
                        SELECT $1, $2, $3, 1, $4, $4
                        WHERE (SELECT count(*) FROM profile_type WHERE tenant_id = $1) < $5
                        ON CONFLICT DO NOTHING
                        """)
                .execute(Tuple.of(tenantId, id, name, time(now), MAX_TYPES))
                .compose(rows -> rows.rowCount() == 1
                        ? insertVersion(connection, tenantId, id, 1, draft, now).map(Written.DONE)
                        : find(connection, tenantId, name)
                                .map(found -> found.isPresent() ? Written.NAME_TAKEN : Written.FULL));
    }

    /** Adds a version over the one that was read; profiles that were imported keep theirs. Worker role. */
    public Future<Written> replace(SqlConnection connection, int tenantId, StoredType read, Draft draft, Instant now) {
        if (read.version() >= MAX_VERSION) {
            return Future.succeededFuture(Written.FULL);
        }
        int next = read.version() + 1;
        return connection
                .preparedQuery("""
                        UPDATE profile_type SET version = $4, updated_at = $5
                        WHERE tenant_id = $1 AND id = $2 AND version = $3 AND NOT retired
                        """)
                .execute(Tuple.of(tenantId, read.id(), read.version(), next, time(now)))
                .compose(rows -> rows.rowCount() == 1
                        ? insertVersion(connection, tenantId, read.id(), next, draft, now)
                                .map(Written.DONE)
                        : Future.succeededFuture(Written.STALE));
    }

    private Future<Void> insertVersion(
            SqlConnection connection, int tenantId, long id, int version, Draft draft, Instant now) {
        byte[] sealed = sealer.seal(place(tenantId, id, version), CompiledTemplate.encode(draft.template()));
        return connection
                .preparedQuery("""
                        INSERT INTO profile_type_version (tenant_id, type_id, version, terms, facts, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6)
                        """)
                .execute(Tuple.of(
                        tenantId,
                        id,
                        version,
                        TypeTermsJson.write(draft.terms()),
                        draft.facts().write(),
                        time(now)))
                .compose(done ->
                        connection.preparedQuery("""
                                INSERT INTO profile_type_package (tenant_id, type_id, version, template_sealed)
                                VALUES ($1, $2, $3, $4)
                                """).execute(Tuple.of(tenantId, id, version, Buffer.buffer(sealed))))
                .mapEmpty();
    }

    /** Nothing is imported or ordered of it any more; what was ordered can still be downloaded. */
    public Future<Boolean> retire(SqlConnection connection, int tenantId, String name, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE profile_type SET retired = true, updated_at = $3
                        WHERE tenant_id = $1 AND name = $2 AND NOT retired
                        """)
                .execute(Tuple.of(tenantId, name, time(now)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Whether there is a type of the name that is not retired. */
    public Future<Boolean> isActive(SqlClient client, int tenantId, String name) {
        return client.preparedQuery("""
                        SELECT 1 FROM profile_type WHERE tenant_id = $1 AND name = $2 AND NOT retired
                        """).execute(Tuple.of(tenantId, name)).map(rows -> rows.size() == 1);
    }

    /** A type with its newest version. */
    public Future<Optional<StoredType>> find(SqlClient client, int tenantId, String name) {
        return client.preparedQuery("""
                        SELECT t.id, t.name, t.version, t.retired, t.created_at, t.updated_at, v.terms, v.facts
                        FROM profile_type t JOIN profile_type_version v
                            ON v.tenant_id = t.tenant_id AND v.type_id = t.id AND v.version = t.version
                        WHERE t.tenant_id = $1 AND t.name = $2
                        """)
                .execute(Tuple.of(tenantId, name))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(read(rows.iterator().next())));
    }

    /** Types in the order of their names. */
    public Future<List<StoredType>> list(SqlClient client, int tenantId, String afterName, int limit) {
        return client.preparedQuery("""
                        SELECT t.id, t.name, t.version, t.retired, t.created_at, t.updated_at, v.terms, v.facts
                        FROM profile_type t JOIN profile_type_version v
                            ON v.tenant_id = t.tenant_id AND v.type_id = t.id AND v.version = t.version
                        WHERE t.tenant_id = $1 AND t.name > $2 ORDER BY t.name LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, afterName, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ProfileTypeStore::read)
                        .toList());
    }

    /** One version with its package; worker role. */
    public Future<Optional<ProfileType>> load(SqlClient client, int tenantId, long id, int version) {
        return client.preparedQuery("""
                        SELECT t.name, v.terms, p.template_sealed
                        FROM profile_type t
                        JOIN profile_type_version v ON v.tenant_id = t.tenant_id AND v.type_id = t.id
                        JOIN profile_type_package p
                            ON p.tenant_id = v.tenant_id AND p.type_id = v.type_id AND p.version = v.version
                        WHERE t.tenant_id = $1 AND t.id = $2 AND v.version = $3
                        """)
                .execute(Tuple.of(tenantId, id, version))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(
                                type(tenantId, id, version, rows.iterator().next())));
    }

    private ProfileType type(int tenantId, long id, int version, Row row) {
        byte[] compiled = sealer.open(
                place(tenantId, id, version), row.getBuffer("template_sealed").getBytes());
        return new ProfileType(
                id,
                version,
                row.getString("name"),
                TypeTermsJson.read(row.getJsonObject("terms")),
                CompiledTemplate.decode(compiled));
    }

    private static StoredType read(Row row) {
        return new StoredType(
                row.getLong("id"),
                row.getString("name"),
                row.getInteger("version"),
                row.getBoolean("retired"),
                TypeTermsJson.read(row.getJsonObject("terms")),
                StoredType.Facts.read(row.getJsonObject("facts")),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Aad place(int tenantId, long id, int version) {
        return new Aad(tenantId, "profile_type_package", "template_sealed", id + "|" + version);
    }
}

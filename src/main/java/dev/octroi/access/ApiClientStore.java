package dev.octroi.access;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Machine clients in the database. */
final class ApiClientStore {
    Future<Void> insert(SqlConnection connection, ApiClient client, String name, Instant now) {
        Tuple values = Tuple.of(
                client.tenantId(),
                client.clientId(),
                name,
                Buffer.buffer(client.secret().salt()),
                Buffer.buffer(client.secret().hash()),
                client.secret().iterations());
        values.addValue(client.scopes().toArray(String[]::new));
        values.addValue(client.targets().toArray(String[]::new));
        values.addValue(client.certificateHash()
                .flatMap(Base64Url::decode)
                .map(Buffer::buffer)
                .orElse(null));
        values.addValue(now.atOffset(ZoneOffset.UTC));
        return connection.preparedQuery("""
                        INSERT INTO api_client (tenant_id, client_id, name, secret_salt, secret_hash, secret_iterations,
                                                scopes, targets, certificate_sha256, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                        """).execute(values).mapEmpty();
    }

    /** Keeps another hash of a client's secret, unless another secret has taken its place since. */
    Future<Void> rehash(SqlClient client, ApiClient of, SecretHash hash) {
        Tuple values = Tuple.of(of.tenantId(), of.clientId());
        add(values, hash);
        values.addValue(Buffer.buffer(of.secret().hash()));
        return client.preparedQuery("""
                        UPDATE api_client SET secret_salt = $3, secret_hash = $4, secret_iterations = $5
                        WHERE tenant_id = $1 AND client_id = $2 AND secret_hash = $6
                        """).execute(values).mapEmpty();
    }

    /** Keeps the hash of a new secret; the one before is good until a moment, or no more. */
    Future<Void> rotate(
            SqlConnection connection,
            int tenantId,
            String clientId,
            SecretHash hash,
            Optional<Instant> previousUntil,
            Instant now) {
        Tuple values = Tuple.of(tenantId, clientId);
        add(values, hash);
        values.addValue(
                previousUntil.map(until -> until.atOffset(ZoneOffset.UTC)).orElse(null));
        values.addValue(now.atOffset(ZoneOffset.UTC));
        return connection.preparedQuery("""
                        UPDATE api_client SET
                            previous_salt = CASE WHEN $6::timestamptz IS NULL THEN NULL ELSE secret_salt END,
                            previous_hash = CASE WHEN $6::timestamptz IS NULL THEN NULL ELSE secret_hash END,
                            previous_iterations = CASE WHEN $6::timestamptz IS NULL THEN NULL ELSE secret_iterations END,
                            previous_until = $6, secret_since = $7, secret_salt = $3, secret_hash = $4, secret_iterations = $5
                        WHERE tenant_id = $1 AND client_id = $2
                        """).execute(values).mapEmpty();
    }

    private static void add(Tuple values, SecretHash hash) {
        values.addValue(Buffer.buffer(hash.salt()));
        values.addValue(Buffer.buffer(hash.hash()));
        values.addValue(hash.iterations());
    }

    Future<Boolean> disable(SqlConnection connection, int tenantId, String clientId, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE api_client SET disabled_at = $3
                        WHERE tenant_id = $1 AND client_id = $2 AND disabled_at IS NULL
                        """)
                .execute(Tuple.of(tenantId, clientId, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Clients of a tenant after an id, in the order of ids. */
    Future<List<ApiClients.Listed>> list(SqlClient client, int tenantId, String afterId, int limit) {
        return client.preparedQuery("""
                        SELECT client_id, name, scopes, targets, created_at, disabled_at, previous_until FROM api_client
                        WHERE tenant_id = $1 AND client_id > $2 ORDER BY client_id LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, afterId, limit))
                .map(ApiClientStore::listed);
    }

    /** A client of a tenant. */
    Future<Optional<ApiClients.Listed>> one(SqlClient client, int tenantId, String clientId) {
        return one(client, tenantId, clientId, "");
    }

    /** The same, locked until the transaction ends. */
    Future<Optional<ApiClients.Listed>> lock(SqlConnection connection, int tenantId, String clientId) {
        return one(connection, tenantId, clientId, "FOR UPDATE");
    }

    private static Future<Optional<ApiClients.Listed>> one(
            SqlClient client, int tenantId, String clientId, String lock) {
        return client.preparedQuery("""
                        SELECT client_id, name, scopes, targets, created_at, disabled_at, previous_until FROM api_client
                        WHERE tenant_id = $1 AND client_id = $2 %s
                        """.formatted(lock))
                .execute(Tuple.of(tenantId, clientId))
                .map(rows -> listed(rows).stream().findFirst());
    }

    private static List<ApiClients.Listed> listed(RowSet<Row> rows) {
        List<ApiClients.Listed> found = new ArrayList<>();
        rows.forEach(row -> found.add(new ApiClients.Listed(
                row.getString("client_id"),
                row.getString("name"),
                Set.of(row.getArrayOfStrings("scopes")),
                Set.of(row.getArrayOfStrings("targets")),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("disabled_at") != null,
                Optional.ofNullable(row.getOffsetDateTime("previous_until")).map(OffsetDateTime::toInstant))));
        return found;
    }

    /** An enabled client of an enabled tenant, with the secret before while that is good as well. */
    Future<Optional<ApiClient>> find(SqlClient client, String clientId, Instant now) {
        return client.preparedQuery("""
                        SELECT c.tenant_id, c.client_id, c.scopes, c.targets, c.certificate_sha256,
                               c.secret_salt, c.secret_hash, c.secret_iterations,
                               c.previous_salt, c.previous_hash, c.previous_iterations,
                               coalesce(c.previous_until > $2, false) AS overlaps
                        FROM api_client c JOIN tenant t USING (tenant_id)
                        WHERE c.client_id = $1 AND c.disabled_at IS NULL AND t.disabled_at IS NULL
                        """)
                .execute(Tuple.of(clientId, now.atOffset(ZoneOffset.UTC)))
                .map(ApiClientStore::first);
    }

    private static Optional<ApiClient> first(RowSet<Row> rows) {
        for (Row row : rows) {
            return Optional.of(new ApiClient(
                    row.getInteger("tenant_id"),
                    row.getString("client_id"),
                    Set.of(row.getArrayOfStrings("scopes")),
                    Set.of(row.getArrayOfStrings("targets")),
                    Optional.ofNullable(row.getBuffer("certificate_sha256"))
                            .map(hash -> Base64Url.encode(hash.getBytes())),
                    hash(row, "secret"),
                    row.getBoolean("overlaps") ? Optional.of(hash(row, "previous")) : Optional.empty()));
        }
        return Optional.empty();
    }

    private static SecretHash hash(Row row, String which) {
        return new SecretHash(
                row.getBuffer(which + "_salt").getBytes(),
                row.getBuffer(which + "_hash").getBytes(),
                row.getInteger(which + "_iterations"));
    }
}

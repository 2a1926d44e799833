package dev.octroi.access;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
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

    /** Keeps another hash of a client's secret. */
    Future<Void> rehash(SqlClient client, ApiClient of, SecretHash hash) {
        Buffer salt = Buffer.buffer(hash.salt());
        return client.preparedQuery("""
                        UPDATE api_client SET secret_salt = $3, secret_hash = $4, secret_iterations = $5
                        WHERE tenant_id = $1 AND client_id = $2
                        """)
                .execute(Tuple.of(of.tenantId(), of.clientId(), salt, Buffer.buffer(hash.hash()), hash.iterations()))
                .mapEmpty();
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
                        SELECT client_id, name, scopes, targets, created_at, disabled_at FROM api_client
                        WHERE tenant_id = $1 AND client_id > $2 ORDER BY client_id LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, afterId, limit))
                .map(rows -> {
                    List<ApiClients.Listed> found = new ArrayList<>();
                    rows.forEach(row -> found.add(new ApiClients.Listed(
                            row.getString("client_id"),
                            row.getString("name"),
                            Set.of(row.getArrayOfStrings("scopes")),
                            Set.of(row.getArrayOfStrings("targets")),
                            row.getOffsetDateTime("created_at").toInstant(),
                            row.getOffsetDateTime("disabled_at") != null)));
                    return found;
                });
    }

    /** An enabled client of an enabled tenant. */
    Future<Optional<ApiClient>> find(SqlClient client, String clientId) {
        return client.preparedQuery("""
                        SELECT c.tenant_id, c.client_id, c.scopes, c.targets, c.certificate_sha256,
                               c.secret_salt, c.secret_hash, c.secret_iterations
                        FROM api_client c JOIN tenant t USING (tenant_id)
                        WHERE c.client_id = $1 AND c.disabled_at IS NULL AND t.disabled_at IS NULL
                        """).execute(Tuple.of(clientId)).map(ApiClientStore::first);
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
                    new SecretHash(
                            row.getBuffer("secret_salt").getBytes(),
                            row.getBuffer("secret_hash").getBytes(),
                            row.getInteger("secret_iterations"))));
        }
        return Optional.empty();
    }
}

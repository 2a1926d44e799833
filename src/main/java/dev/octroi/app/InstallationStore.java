package dev.octroi.app;

import dev.octroi.secret.Aad;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a database says of the keys that it was sealed with. */
final class InstallationStore {
    /** A sealed value and where it lies. */
    record Sealed(Aad place, byte[] value) {}

    /** One at a time, until the transaction ends: two gateways that start on an empty database would each note their own. */
    Future<Void> lock(SqlConnection connection) {
        return connection.query("""
                        SELECT pg_advisory_xact_lock(x'0C7205'::int)
                        """).execute().mapEmpty();
    }

    /** The check value of the installation's keys; empty before the first gateway. */
    Future<Optional<byte[]>> noted(SqlConnection connection) {
        return connection.query("""
                        SELECT key_check FROM installation
                        """).execute().map(rows -> {
            for (Row row : rows) {
                return Optional.of(row.getBuffer("key_check").getBytes());
            }
            return Optional.empty();
        });
    }

    /** Some of what was sealed here, at most 100 of each kind: whoever can open most of it has the keys. */
    Future<List<Sealed>> sealed(SqlConnection connection) {
        return connection.query("""
                        (SELECT 'profile' AS place, 'iccid_sealed' AS name, tenant_id, id, iccid_sealed AS value
                         FROM profile ORDER BY profile.tenant_id, profile.vshard, profile.id LIMIT 100)
                        UNION ALL
                        (SELECT 'webhook_endpoint', 'secret_sealed', tenant_id, id, secret_sealed
                         FROM webhook_endpoint
                         ORDER BY webhook_endpoint.tenant_id, webhook_endpoint.vshard, webhook_endpoint.id LIMIT 100)
                        """).execute().map(rows -> {
            List<Sealed> found = new ArrayList<>();
            for (Row row : rows) {
                Aad place = Aad.of(
                        row.getInteger("tenant_id"), row.getString("place"), row.getString("name"), row.getLong("id"));
                found.add(new Sealed(place, row.getBuffer("value").getBytes()));
            }
            return found;
        });
    }

    Future<Void> note(SqlConnection connection, byte[] check) {
        return connection
                .preparedQuery("""
                        INSERT INTO installation (key_check) VALUES ($1)
                        """)
                .execute(Tuple.of(Buffer.buffer(check)))
                .mapEmpty();
    }
}

package dev.octroi.access;

import dev.octroi.pki.TrustDomain;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Partners in the database. */
final class PartnerStore {
    /** Inserts, or replaces what is known under the same name. */
    Future<Void> put(SqlConnection connection, Partner partner, byte[] keyHash, Instant now) {
        Tuple values = Tuple.of(
                partner.tenantId(),
                partner.id(),
                partner.domain().label(),
                partner.name(),
                Buffer.buffer(keyHash),
                partner.operations().toArray(String[]::new));
        values.addValue(partner.imsiPrefixes().toArray(String[]::new));
        values.addValue(partner.callbackUrl().orElse(null));
        values.addValue(now.atOffset(ZoneOffset.UTC));
        return connection.preparedQuery("""
                        INSERT INTO partner (tenant_id, id, kind, name, key_sha256, operations, imsi_prefixes,
                                             callback_url, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                        ON CONFLICT (name) DO UPDATE
                        SET kind = excluded.kind, key_sha256 = excluded.key_sha256, operations = excluded.operations,
                            imsi_prefixes = excluded.imsi_prefixes, callback_url = excluded.callback_url,
                            disabled_at = NULL
                        """).execute(values).mapEmpty();
    }

    Future<Optional<Partner>> byKey(SqlClient client, byte[] keyHash) {
        return client.preparedQuery("""
                        SELECT tenant_id, id, kind, name, operations, imsi_prefixes, callback_url
                        FROM partner WHERE key_sha256 = $1 AND disabled_at IS NULL
                        """)
                .execute(Tuple.of(Buffer.buffer(keyHash)))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(partner(row));
                    }
                    return Optional.empty();
                });
    }

    /** All enabled partners of a domain, by id. */
    Future<List<Partner>> ofDomain(SqlClient client, TrustDomain domain) {
        return client.preparedQuery("""
                        SELECT tenant_id, id, kind, name, operations, imsi_prefixes, callback_url
                        FROM partner WHERE kind = $1 AND disabled_at IS NULL ORDER BY id LIMIT 1000
                        """).execute(Tuple.of(domain.label())).map(rows -> {
            List<Partner> found = new ArrayList<>();
            rows.forEach(row -> found.add(partner(row)));
            return found;
        });
    }

    private static Partner partner(Row row) {
        return new Partner(
                row.getInteger("tenant_id"),
                row.getLong("id"),
                TrustDomain.ofLabel(row.getString("kind")).orElseThrow(),
                row.getString("name"),
                Set.of(row.getArrayOfStrings("operations")),
                List.of(row.getArrayOfStrings("imsi_prefixes")),
                Optional.ofNullable(row.getString("callback_url")));
    }
}

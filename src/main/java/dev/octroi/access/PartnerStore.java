package dev.octroi.access;

import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.connector.ConnectorJson;
import dev.octroi.pki.TrustDomain;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Partners in the database. */
final class PartnerStore {
    /** The tenant of what is known under a name, enabled or not, which is locked. */
    Future<Optional<Integer>> tenantOf(SqlConnection connection, String name) {
        return connection
                .preparedQuery("""
                        SELECT tenant_id FROM partner WHERE name = $1 FOR UPDATE
                        """)
                .execute(Tuple.of(name))
                .map(rows -> rows.stream().findFirst().map(row -> row.getInteger("tenant_id")));
    }

    /**
     * Inserts, or replaces all that is known under the same name, its tenant and what was set apart included; gives its number,
     * which a replacement keeps. Policies in force are told to it from the first on; where it was told policies and is not any more,
     * also as another tenant's, to whom they go now.
     */
    Future<Long> put(SqlConnection connection, Partner partner, byte[] keyHash, Instant now) {
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
        addTerms(values, partner.es2());
        return connection
                .preparedQuery("""
                        INSERT INTO partner AS p (tenant_id, id, kind, name, key_sha256, operations, imsi_prefixes,
                                             callback_url, created_at, requester_id, profile_types,
                                             notification_points, retell_from)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                                CASE WHEN $3 = 'network' AND $8::text IS NOT NULL THEN '{0,0,0}'::bigint[] END)
                        ON CONFLICT (name) DO UPDATE
                        SET tenant_id = excluded.tenant_id, kind = excluded.kind, key_sha256 = excluded.key_sha256, operations = excluded.operations,
                            imsi_prefixes = excluded.imsi_prefixes, callback_url = excluded.callback_url,
                            requester_id = excluded.requester_id, profile_types = excluded.profile_types,
                            notification_points = excluded.notification_points,
                            charging_profile = DEFAULT, notify_hosts = DEFAULT, charging_ignores_offline = DEFAULT,
                            connector = NULL, connector_secret = NULL, disabled_at = NULL,
                            retell_from = CASE
                                WHEN excluded.kind = 'network' AND excluded.callback_url IS NOT NULL
                                  OR p.kind = 'network' AND coalesce(p.callback_url, p.connector::text) IS NOT NULL
                                  OR p.retell_from IS NOT NULL THEN '{0,0,0}'::bigint[] END,
                            retell_tenants = CASE
                                WHEN p.tenant_id = excluded.tenant_id THEN p.retell_tenants
                                ELSE array_remove(p.retell_tenants, p.tenant_id) || p.tenant_id END
                        RETURNING id
                        """)
                .execute(values)
                .map(rows -> rows.iterator().next().getLong("id"));
    }

    /** Replaces the terms of an enabled partner; gives the partner as it is now, if there is one. */
    Future<Optional<Partner>> replaceTerms(SqlConnection connection, long id, Es2Terms terms) {
        Tuple values = Tuple.of(id);
        addTerms(values, terms);
        return connection.preparedQuery("""
                        UPDATE partner SET requester_id = $2, profile_types = $3, notification_points = $4
                        WHERE id = $1 AND disabled_at IS NULL RETURNING *
                        """).execute(values).map(PartnerStore::first);
    }

    /** Whether any enabled partner calls under the identifier. */
    Future<Boolean> isRequester(SqlClient client, String requesterId) {
        return client.preparedQuery("""
                        SELECT 1 FROM partner WHERE requester_id = $1 AND disabled_at IS NULL LIMIT 1
                        """).execute(Tuple.of(requesterId)).map(rows -> rows.size() > 0);
    }

    /** An enabled partner. */
    Future<Optional<Partner>> byId(SqlClient client, long id) {
        return client.preparedQuery("""
                        SELECT * FROM partner WHERE id = $1 AND disabled_at IS NULL
                        """).execute(Tuple.of(id)).map(PartnerStore::first);
    }

    /** Replaces the terms of an enabled partner that charges; gives the partner as it is now, if there is one. */
    Future<Optional<Partner>> replaceCharging(SqlConnection connection, long id, ChargingTerms terms) {
        return connection
                .preparedQuery("""
                        UPDATE partner SET charging_profile = $2, notify_hosts = $3, charging_ignores_offline = $4
                        WHERE id = $1 AND disabled_at IS NULL RETURNING *
                        """)
                .execute(Tuple.of(
                        id,
                        terms.profile(),
                        terms.notifyHosts().stream().sorted().toArray(String[]::new),
                        terms.ignoresOffline()))
                .map(PartnerStore::first);
    }

    /** Replaces how an enabled partner is told policies; gives the partner as it is now, if there is one. */
    Future<Optional<Partner>> replaceConnector(
            SqlConnection connection, long id, Connector connector, byte @Nullable [] secretSealed) {
        return connection
                .preparedQuery("""
                        UPDATE partner SET connector = $2, connector_secret = $3, callback_url = NULL,
                            retell_from = '{0,0,0}'
                        WHERE id = $1 AND disabled_at IS NULL RETURNING *
                        """)
                .execute(Tuple.of(
                        id, ConnectorJson.write(connector), secretSealed == null ? null : Buffer.buffer(secretSealed)))
                .map(PartnerStore::first);
    }

    /**
     * Ends an enabled partner and forgets what its connector identified itself with; gives the partner as it was, if there is one. The
     * policies that it was told go to whom they are told now.
     */
    Future<Optional<Partner>> disable(SqlConnection connection, long id, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE partner SET disabled_at = $2, connector_secret = NULL,
                            retell_from = CASE
                                WHEN kind = 'network' AND (callback_url IS NOT NULL OR connector IS NOT NULL)
                                  OR retell_from IS NOT NULL THEN '{0,0,0}'::bigint[] END
                        WHERE id = $1 AND disabled_at IS NULL RETURNING *
                        """)
                .execute(Tuple.of(id, now.atOffset(ZoneOffset.UTC)))
                .map(PartnerStore::first);
    }

    private static void addTerms(Tuple values, Es2Terms terms) {
        values.addValue(terms.requesterId().orElse(null));
        values.addValue(terms.profileTypes().stream().sorted().toArray(String[]::new));
        values.addValue(terms.notificationPoints()
                .map(points -> new JsonObject(new TreeMap<String, Object>(points)))
                .orElse(null));
    }

    Future<Optional<Partner>> byKey(SqlClient client, byte[] keyHash) {
        return client.preparedQuery("""
                        SELECT * FROM partner WHERE key_sha256 = $1 AND disabled_at IS NULL
                        """)
                .execute(Tuple.of(Buffer.buffer(keyHash)))
                .map(PartnerStore::first);
    }

    /** All enabled partners of a domain, by id. */
    Future<List<Partner>> ofDomain(SqlClient client, TrustDomain domain) {
        return client.preparedQuery("""
                        SELECT * FROM partner WHERE kind = $1 AND disabled_at IS NULL ORDER BY id LIMIT 1000
                        """).execute(Tuple.of(domain.label())).map(rows -> {
            List<Partner> found = new ArrayList<>();
            rows.forEach(row -> found.add(partner(row)));
            return found;
        });
    }

    private static Optional<Partner> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(partner(rows.iterator().next()));
    }

    private static Partner partner(Row row) {
        return new Partner(
                row.getInteger("tenant_id"),
                row.getLong("id"),
                TrustDomain.ofLabel(row.getString("kind")).orElseThrow(),
                row.getString("name"),
                Set.of(row.getArrayOfStrings("operations")),
                List.of(row.getArrayOfStrings("imsi_prefixes")),
                Optional.ofNullable(row.getString("callback_url")),
                new Es2Terms(
                        Optional.ofNullable(row.getString("requester_id")),
                        Set.of(row.getArrayOfStrings("profile_types")),
                        Optional.ofNullable(row.getJsonObject("notification_points"))
                                .map(PartnerStore::points)),
                new ChargingTerms(
                        row.getString("charging_profile"),
                        Set.of(row.getArrayOfStrings("notify_hosts")),
                        row.getBoolean("charging_ignores_offline")),
                Optional.ofNullable(row.getJsonObject("connector")).flatMap(json -> Connector.of(json, null)));
    }

    private static Map<String, Integer> points(JsonObject json) {
        Map<String, Integer> points = new HashMap<>();
        json.forEach(entry -> points.put(entry.getKey(), ((Number) entry.getValue()).intValue()));
        return points;
    }
}

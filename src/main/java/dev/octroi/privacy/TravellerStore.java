package dev.octroi.privacy;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a traveller's rows; on connections of the worker role. */
final class TravellerStore {
    /** By what the rows of a subscription are found; empty when the tenant has no such subscription. */
    Future<Optional<Traveller>> find(SqlConnection connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery("""
                        WITH own AS (
                          SELECT tenant_id, id, account_id, profile_id FROM subscription
                          WHERE tenant_id = $1 AND vshard = $2 AND id = $3),
                        sims AS (
                          SELECT l.kind, l.hash FROM account_link l JOIN own o USING (tenant_id, account_id)
                          UNION
                          SELECT l.kind, l.hash FROM account_link_past l JOIN own o USING (tenant_id, account_id)
                          WHERE NOT EXISTS (SELECT 1 FROM account_link n WHERE n.kind = l.kind AND n.hash = l.hash
                                              AND n.account_id <> l.account_id))
                        SELECT o.account_id,
                               ARRAY(SELECT o.profile_id
                                     UNION
                                     SELECT p.id FROM sims JOIN profile p ON p.iccid_idx = sims.hash
                                     WHERE sims.kind = 'ICCID' AND p.tenant_id = o.tenant_id
                                       AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.tenant_id = p.tenant_id
                                                         AND s.profile_id = p.id AND s.id <> o.id)) AS profiles,
                               ARRAY(SELECT hash FROM sims) AS sims
                        FROM own o
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(rows -> rows.stream().findFirst().map(row -> traveller(tenantId, subscriptionId, row)));
    }

    private static Traveller traveller(int tenantId, long subscriptionId, Row row) {
        return new Traveller(
                tenantId,
                subscriptionId,
                row.getLong("account_id"),
                List.of(row.getArrayOfLongs("profiles")),
                List.of(row.getArrayOfBuffers("sims")));
    }

    /** The same, where an erasure was begun and is not done. */
    Future<Optional<Traveller>> toErase(SqlConnection connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery("""
                        SELECT 1 FROM subscription WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                          AND erase_begun_at IS NOT NULL AND erased_at IS NULL
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .compose(rows -> rows.size() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : find(connection, tenantId, subscriptionId));
    }

    /** How a subscription stands, kept from changing until the transaction ends; empty when there is none. */
    Future<Optional<Standing>> hold(SqlConnection connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery("""
                        SELECT s.erase_begun_at, s.erased_at, s.cancelled_at IS NOT NULL AS cancelled, a.ended,
                          a.left_at, a.ends_at,
                          EXISTS (SELECT 1 FROM charging_session c WHERE c.vshard = s.vshard AND c.tenant_id = s.tenant_id
                                    AND c.account_id = s.account_id AND c.open) AS session_open,
                          EXISTS (SELECT 1 FROM support_case c WHERE c.tenant_id = s.tenant_id AND c.vshard = s.vshard
                                    AND c.subscription_id = s.id AND c.state <> 'resolved') AS case_open,
                          EXISTS (SELECT 1 FROM outbox o WHERE o.tenant_id = s.tenant_id AND o.vshard = s.vshard
                                    AND o.stream = 'network' AND o.key = s.id AND o.state = 'pending') AS policy_pending,
                          EXISTS (SELECT 1 FROM profile_order o WHERE o.tenant_id = s.tenant_id
                                    AND o.vshard = (s.profile_id & 255)::smallint AND o.profile_id = s.profile_id
                                    AND (o.state IN ('wanted', 'reserved', 'returning') OR o.give_back OR o.to_leave))
                            AS order_open
                        FROM subscription s
                        JOIN account a ON a.vshard = s.vshard AND a.tenant_id = s.tenant_id AND a.id = s.account_id
                        WHERE s.tenant_id = $1 AND s.vshard = $2 AND s.id = $3
                        FOR NO KEY UPDATE OF s
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(rows -> rows.stream().findFirst().map(TravellerStore::standing));
    }

    private static Standing standing(Row row) {
        return new Standing(
                instant(row, "erase_begun_at"),
                instant(row, "erased_at"),
                row.getBoolean("cancelled"),
                row.getBoolean("ended"),
                instant(row, "left_at"),
                instant(row, "ends_at"),
                new Standing.Open(
                        row.getBoolean("session_open"),
                        row.getBoolean("case_open"),
                        row.getBoolean("policy_pending"),
                        row.getBoolean("order_open")));
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }

    /** Marks an erasure as begun. */
    Future<Void> begin(SqlConnection connection, int tenantId, long subscriptionId, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE subscription SET erase_begun_at = $4 WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId, at.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Erasures that were begun before a moment and are not done. */
    Future<List<Unfinished>> unfinished(SqlConnection connection, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        SELECT tenant_id, id FROM subscription
                        WHERE erase_begun_at IS NOT NULL AND erased_at IS NULL AND erase_begun_at < $1
                        ORDER BY erase_begun_at LIMIT $2
                        """)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.stream()
                        .map(row -> new Unfinished(row.getInteger("tenant_id"), row.getLong("id")))
                        .toList());
    }

    /** An erasure that broke off. */
    record Unfinished(int tenantId, long subscriptionId) {}

    /** What was sold, and the account's own row, as members of {@code about}. */
    Future<JsonObject> about(SqlConnection connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery("""
                        SELECT jsonb_strip_nulls(jsonb_build_object(
                            'createdAt', s.created_at, 'cancelledAt', s.cancelled_at, 'erasedAt', s.erased_at,
                            'planName', p.name, 'orderReference', o.external_reference, 'language', s.language,
                            'timeZone', a.time_zone, 'startsAt', a.starts_at, 'endsAt', a.ends_at,
                            'usedBytes', h.used_bytes, 'beyondBytes', h.beyond_bytes,
                            'chargesAgreedAt', a.overage_since, 'chargedBytes', a.charged_bytes,
                            'chargedMinor', a.charged_minor, 'network', a.plmn, 'country', a.country, 'zone', a.zone_id,
                            'placeSince', a.place_since, 'deviceSince', a.device_since,
                            'background', a.background_mode, 'lastUseAt', h.last_event_at,
                            'learned', encode(d.state, 'hex'))) AS about
                        FROM subscription s
                        JOIN plan p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id AND p.version = s.plan_version
                        JOIN purchase o ON o.tenant_id = s.tenant_id AND o.vshard = s.vshard AND o.id = s.order_id
                        JOIN account a ON a.vshard = s.vshard AND a.tenant_id = s.tenant_id AND a.id = s.account_id
                        JOIN account_hot h ON h.account_id = a.id AND h.tenant_id = a.tenant_id AND h.vshard = a.vshard
                        LEFT JOIN account_drain d ON d.vshard = a.vshard AND d.tenant_id = a.tenant_id AND d.account_id = a.id
                        WHERE s.tenant_id = $1 AND s.vshard = $2 AND s.id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(rows -> rows.iterator().next().getJsonObject("about"));
    }
}

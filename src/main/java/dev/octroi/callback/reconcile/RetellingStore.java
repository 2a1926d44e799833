package dev.octroi.callback.reconcile;

import dev.octroi.callback.network.LossStore;
import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Has a policy in force told once more. */
final class RetellingStore {
    /** A policy that was told, by its subscription. */
    record Told(int tenantId, long subscriptionId) {
        short vshard() {
            return Ids.shardOf(subscriptionId);
        }
    }

    /**
     * The policies of subscribers that are not full speed and that RADIUS holds, by subscription. Where it is said when a session began, only
     * what was confirmed before it, which is for a session that is over.
     */
    Future<List<Told>> toldByRadius(SqlClient client, List<PolicyRetelling.Begun> sessions) {
        return client.preparedQuery("""
                        SELECT DISTINCT s.tenant_id, s.subscription_id
                        FROM unnest($1::bytea[], $2::timestamptz[]) AS h (hash, begun)
                        JOIN account_link l ON l.kind = 'IMSI' AND l.hash = h.hash
                        JOIN policy_state s ON s.vshard = l.vshard AND s.tenant_id = l.tenant_id
                          AND s.account_id = l.account_id
                        LEFT JOIN decision n ON n.vshard = s.vshard AND n.tenant_id = s.tenant_id
                          AND n.account_id = s.account_id AND n.version = s.desired_version
                        LEFT JOIN network_copy c ON c.tenant_id = s.tenant_id AND c.vshard = s.vshard
                          AND c.subscription_id = s.subscription_id
                        CROSS JOIN LATERAL (
                          SELECT p.connector, p.callback_url FROM partner p
                          WHERE p.kind = 'network' AND p.disabled_at IS NULL
                            AND (p.callback_url IS NOT NULL OR p.connector IS NOT NULL)
                            AND p.tenant_id IN (0, s.tenant_id)
                          ORDER BY p.tenant_id DESC, p.created_at DESC, p.id DESC LIMIT 1) p
                        WHERE n.level IS DISTINCT FROM 'NORMAL'
                          AND (h.begun IS NULL OR s.confirmed_version = s.desired_version AND h.begun > s.confirmed_at)
                          AND (coalesce(p.connector ->> 'kind' = 'radius', p.callback_url LIKE 'radius://%')
                            OR (c.elsewhere AND p.connector #>> '{fallback,kind}' = 'radius'))
                        ORDER BY s.subscription_id LIMIT 500
                        """)
                .execute(Tuple.tuple()
                        .addArrayOfBuffer(
                                ArrayColumns.column(sessions, each -> Buffer.buffer(each.imsiIndex()), Buffer[]::new))
                        .addArrayOfOffsetDateTime(ArrayColumns.column(
                                sessions,
                                each -> each.at()
                                        .map(at -> at.atOffset(ZoneOffset.UTC))
                                        .orElse(null),
                                OffsetDateTime[]::new)))
                .map(rows -> {
                    List<Told> told = new ArrayList<>(rows.size());
                    rows.forEach(
                            row -> told.add(new Told(row.getInteger("tenant_id"), row.getLong("subscription_id"))));
                    return told;
                });
    }

    /** Under a new number: an attempt under way still names the SIM before, so its answer must not count. */
    Future<Void> again(SqlConnection connection, Told told, Instant now, long id) {
        return connection
                .preparedQuery("""
                        UPDATE outbox o
                        SET id = $5, state = 'pending', next_at = $4::timestamptz, done_at = NULL, lease_owner = NULL,
                            attempts = 0, first_attempt_at = NULL, payload = o.payload || '{"repair": true}',
                            urgency = CASE WHEN o.payload -> 'level' >= '4' THEN 0 ELSE 1 END
                        FROM policy_state s
                        WHERE s.vshard = $1 AND s.tenant_id = $2 AND s.subscription_id = $3
                          AND o.tenant_id = s.tenant_id AND o.vshard = s.vshard AND o.stream = 'network'
                          AND o.endpoint_id = 0 AND o.key = s.subscription_id AND o.version = s.desired_version
                        """)
                .execute(Tuple.of(
                        told.vshard(), told.tenantId(), told.subscriptionId(), now.atOffset(ZoneOffset.UTC), id))
                .mapEmpty();
    }

    /** Number 0 is no request, so that events and answers about the SIM before are past. */
    Future<Void> forgetCopy(SqlConnection connection, Told told) {
        return connection
                .preparedQuery("""
                        UPDATE network_copy
                        SET state = CASE WHEN state = 'none' THEN state ELSE 'unavailable' END, number = 0,
                            read_after = 'infinity', reads = 0
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3
                        """)
                .execute(Tuple.of(told.vshard(), told.tenantId(), told.subscriptionId()))
                .mapEmpty();
    }

    Future<Void> unconfirm(SqlConnection connection, Told told, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE policy_state SET last_error = NULL, %s
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3 AND desired_version > 0
                        """.formatted(LossStore.unconfirmed("$4")))
                .execute(Tuple.of(told.vshard(), told.tenantId(), told.subscriptionId(), now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }
}

package dev.octroi.callback.webhook;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/** Brings endpoints back, and with them what they missed. */
final class WebhookRecoveryStore {
    /** Sends to an endpoint again; false when there is none. */
    Future<Boolean> enable(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery("""
                        UPDATE webhook_endpoint SET state = 'active', disabled_reason = NULL
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> rows.rowCount() == 1);
    }

    /**
     * Makes the oldest events due that an endpoint asked for and has not got: those that were given up, whose schedule begins
     * anew, and those that happened while it was disabled. Goes shard by shard, because identifiers sort by time within one.
     *
     * @param limit of events
     * @return how many these were
     */
    Future<Integer> queueMissed(
            SqlConnection connection, int tenantId, long endpointId, Instant since, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        WITH missed AS (
                          SELECT m.vshard, m.id, m.subject_id
                          FROM webhook_endpoint w
                          CROSS JOIN generate_series(0, 255) AS shard (n)
                          CROSS JOIN LATERAL (
                            SELECT e.vshard, e.id, e.subject_id FROM event e
                            WHERE e.tenant_id = $1 AND e.vshard = shard.n::smallint AND e.id >= $4
                              AND e.type <> 'webhook.test'
                              AND (cardinality(w.event_types) = 0
                                   OR e.type = ANY (w.event_types)
                                   OR split_part(e.type, '.', 1) = ANY (w.event_types))
                              AND NOT EXISTS (
                                SELECT 1 FROM outbox o
                                WHERE o.tenant_id = e.tenant_id AND o.vshard = e.vshard AND o.id = e.id
                                  AND o.endpoint_id = w.id AND o.state <> 'dead')
                            ORDER BY e.id LIMIT $6::int) m
                          WHERE w.tenant_id = $1 AND w.vshard = $2 AND w.id = $3
                          ORDER BY m.id LIMIT $6::int
                        ), forgotten AS (
                          DELETE FROM delivery d USING missed m
                          WHERE d.tenant_id = $1 AND d.vshard = m.vshard AND d.outbox_id = m.id AND d.endpoint_id = $3
                        )
                        INSERT INTO outbox (tenant_id, vshard, id, stream, endpoint_id, key, version, created_at, next_at)
                        SELECT $1, vshard, id, 'webhook', $3, subject_id, id, $5, $5 FROM missed
                        ON CONFLICT (tenant_id, vshard, id, endpoint_id) DO UPDATE
                        SET state = 'pending', attempts = 0, first_attempt_at = NULL, done_at = NULL, lease_owner = NULL,
                            created_at = excluded.created_at, next_at = excluded.next_at
                        WHERE outbox.state = 'dead'
                        """)
                .execute(Tuple.tuple()
                        .addInteger(tenantId)
                        .addShort(Ids.shardOf(endpointId))
                        .addLong(endpointId)
                        .addLong(Ids.firstAt(since))
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                        .addInteger(limit))
                .map(rows -> rows.rowCount());
    }
}

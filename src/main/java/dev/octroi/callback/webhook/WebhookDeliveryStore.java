package dev.octroi.callback.webhook;

import dev.octroi.callback.event.Event;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is sent to webhook endpoints: test events, the log, and what is sent once more. */
final class WebhookDeliveryStore {
    /** An event for one endpoint only, whatever it asked for. */
    Future<Void> appendFor(SqlConnection connection, Event event, long endpointId) {
        return connection
                .preparedQuery("""
                        WITH written AS (
                          INSERT INTO event (tenant_id, vshard, id, type, subject_id, data, at)
                          VALUES ($1, $2, $3, $4, $5, $6, $7)
                          RETURNING tenant_id, vshard, id, subject_id, at
                        )
                        INSERT INTO outbox (tenant_id, vshard, id, stream, endpoint_id, key, version, created_at, next_at)
                        SELECT tenant_id, vshard, id, 'webhook', $8::bigint, subject_id, id, at, at FROM written
                        """)
                .execute(Tuple.tuple()
                        .addInteger(event.tenantId())
                        .addShort(Ids.shardOf(event.id()))
                        .addLong(event.id())
                        .addString(event.type())
                        .addLong(event.subjectId())
                        .addValue(new JsonObject(event.data().getMap()))
                        .addOffsetDateTime(event.at().atOffset(ZoneOffset.UTC))
                        .addLong(endpointId))
                .mapEmpty();
    }

    /**
     * Deliveries to an endpoint, newest first.
     *
     * @param state only those in this one; empty: all
     * @param before only events before this one; {@link Long#MAX_VALUE} for the first page
     */
    Future<List<WebhookDelivery>> deliveries(
            SqlConnection connection, int tenantId, long endpointId, String state, long before, int limit) {
        return connection
                .preparedQuery("""
                        SELECT o.id, e.type, o.state, o.attempts, o.last_status, o.last_error, o.next_at, d.at AS last_at
                        FROM outbox o
                        JOIN event e ON e.tenant_id = o.tenant_id AND e.vshard = o.vshard AND e.id = o.id
                        LEFT JOIN LATERAL (
                          SELECT d.at FROM delivery d
                          WHERE d.tenant_id = o.tenant_id AND d.vshard = o.vshard AND d.outbox_id = o.id
                            AND d.endpoint_id = o.endpoint_id
                          ORDER BY d.attempt DESC LIMIT 1) d ON true
                        WHERE o.tenant_id = $1 AND o.endpoint_id = $2 AND o.stream = 'webhook' AND o.id < $3
                          AND ($5::text = '' OR o.state = $5)
                        ORDER BY o.id DESC LIMIT $4
                        """)
                .execute(Tuple.of(tenantId, endpointId, before, limit, state))
                .map(rows -> {
                    List<WebhookDelivery> deliveries = new ArrayList<>();
                    rows.forEach(row -> deliveries.add(delivery(row)));
                    return deliveries;
                });
    }

    /** Makes a finished row due again, with a schedule that begins anew; false when there is none in that state. */
    Future<Boolean> replay(SqlConnection connection, int tenantId, long endpointId, long id, Instant now) {
        return connection
                .preparedQuery("""
                        WITH again AS (
                          UPDATE outbox
                          SET state = 'pending', attempts = 0, first_attempt_at = NULL, done_at = NULL, lease_owner = NULL,
                              created_at = $5, next_at = $5
                          WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND endpoint_id = $4
                            AND state IN ('dead', 'delivered')
                          RETURNING tenant_id, vshard, id, endpoint_id
                        ), forgotten AS (
                          DELETE FROM delivery d USING again a
                          WHERE d.tenant_id = a.tenant_id AND d.vshard = a.vshard AND d.outbox_id = a.id
                            AND d.endpoint_id = a.endpoint_id
                        )
                        SELECT id FROM again
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id, endpointId, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.size() == 1);
    }

    private static WebhookDelivery delivery(Row row) {
        String state = row.getString("state");
        return new WebhookDelivery(
                row.getLong("id"),
                row.getString("type"),
                state,
                row.getInteger("attempts"),
                row.getInteger("last_status"),
                row.getString("last_error"),
                instant(row.getOffsetDateTime("last_at")),
                state.equals("pending") ? instant(row.getOffsetDateTime("next_at")) : null);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}

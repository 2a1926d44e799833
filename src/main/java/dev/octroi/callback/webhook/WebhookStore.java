package dev.octroi.callback.webhook;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Webhook endpoints. */
public final class WebhookStore {
    Future<Integer> count(SqlConnection connection, int tenantId) {
        return connection
                .preparedQuery("""
                        SELECT count(*)::int FROM webhook_endpoint WHERE tenant_id = $1
                        """)
                .execute(Tuple.of(tenantId))
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    /** Keeps an endpoint unless the tenant has so many; those who register at the same time come one after the other. */
    Future<Boolean> insert(SqlConnection connection, int tenantId, Webhook webhook, byte[] secretSealed, int most) {
        return connection
                .preparedQuery("""
                        SELECT pg_advisory_xact_lock(x'0C7253'::int, $1)
                        """)
                .execute(Tuple.of(tenantId))
                .compose(locked -> connection
                        .preparedQuery("""
                                INSERT INTO webhook_endpoint (tenant_id, id, vshard, url, description, event_types,
                                                              signature, secret_sealed, created_at)
                                SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
                                WHERE (SELECT count(*) FROM webhook_endpoint WHERE tenant_id = $1) < $10
                                """)
                        .execute(Tuple.tuple()
                                .addInteger(tenantId)
                                .addLong(webhook.id())
                                .addShort(Ids.shardOf(webhook.id()))
                                .addString(webhook.url())
                                .addString(webhook.description())
                                .addArrayOfString(webhook.eventTypes().toArray(String[]::new))
                                .addString(webhook.signature().word())
                                .addBuffer(Buffer.buffer(secretSealed))
                                .addOffsetDateTime(webhook.createdAt().atOffset(ZoneOffset.UTC))
                                .addInteger(most)))
                .map(rows -> rows.rowCount() == 1);
    }

    Future<List<Webhook>> list(SqlConnection connection, int tenantId) {
        return connection.preparedQuery("""
                        SELECT id, url, description, event_types, signature, state, disabled_reason, previous_until,
                               created_at
                        FROM webhook_endpoint WHERE tenant_id = $1 ORDER BY id LIMIT 200
                        """).execute(Tuple.of(tenantId)).map(rows -> {
            List<Webhook> webhooks = new ArrayList<>();
            rows.forEach(row -> webhooks.add(webhook(row)));
            return webhooks;
        });
    }

    Future<Optional<Webhook>> find(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery("""
                        SELECT id, url, description, event_types, signature, state, disabled_reason, previous_until,
                               created_at
                        FROM webhook_endpoint WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(webhook(rows.iterator().next())));
    }

    /** Removes an endpoint and what still waits for it. */
    Future<Boolean> delete(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery("""
                        WITH gone AS (
                          DELETE FROM webhook_endpoint WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                          RETURNING tenant_id, id
                        ), waiting AS (
                          DELETE FROM outbox o USING gone g
                          WHERE o.tenant_id = g.tenant_id AND o.stream = 'webhook' AND o.endpoint_id = g.id
                            AND o.state = 'pending'
                        )
                        SELECT id FROM gone
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> rows.size() == 1);
    }

    /** Stops sending to endpoints; returns how many were active. */
    public Future<Integer> disable(SqlConnection connection, int tenantId, long id, String reason) {
        return connection
                .preparedQuery("""
                        UPDATE webhook_endpoint SET state = 'disabled', disabled_reason = $4
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND state = 'active'
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id, reason))
                .map(rows -> rows.rowCount());
    }

    /**
     * Puts a new secret beside the one that signs now, which goes on signing until a moment.
     *
     * @return whether there is such an endpoint and no other rotation under way; one without overlap is always possible
     */
    Future<Boolean> rotate(
            SqlConnection connection, int tenantId, long id, byte[] secretSealed, Instant now, Instant until) {
        return connection
                .preparedQuery("""
                        UPDATE webhook_endpoint
                        SET previous_sealed = secret_sealed, previous_until = $6, secret_sealed = $4
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND signature = 'v1'
                          AND (previous_until IS NULL OR previous_until <= $5 OR $6 <= $5)
                        """)
                .execute(Tuple.of(
                        tenantId,
                        Ids.shardOf(id),
                        id,
                        Buffer.buffer(secretSealed),
                        now.atOffset(ZoneOffset.UTC),
                        until.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static Webhook webhook(Row row) {
        return new Webhook(
                row.getLong("id"),
                row.getString("url"),
                List.of(row.getArrayOfStrings("event_types")),
                row.getString("description"),
                Webhook.Signature.of(row.getString("signature")),
                row.getString("state"),
                row.getString("disabled_reason"),
                instant(row.getOffsetDateTime("previous_until")),
                row.getOffsetDateTime("created_at").toInstant());
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}

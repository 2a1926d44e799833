package dev.octroi.callback.outbox;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Reads and wakes what was given up towards the network and operators. Tenant 0 stands for all tenants. */
public final class DeadLetterStore {
    /**
     * What was given up, newest first.
     *
     * @param connection of the worker role
     * @param before only those before this identifier; {@link Long#MAX_VALUE} for the first page
     * @param limit 1 to 201
     */
    public Future<List<DeadLetter>> list(SqlConnection connection, int tenantId, long before, int limit) {
        return connection
                .preparedQuery("""
                        SELECT o.tenant_id, o.id, o.stream, o.key, o.version, o.attempts, o.created_at, o.done_at,
                               o.last_status, o.last_error
                        FROM tenant t
                        CROSS JOIN LATERAL (
                          SELECT x.* FROM outbox x
                          WHERE x.tenant_id = t.tenant_id AND x.state = 'dead' AND x.stream <> 'webhook' AND x.id < $2
                          ORDER BY x.id DESC LIMIT $3::int) o
                        WHERE $1::int = 0 OR t.tenant_id = $1
                        ORDER BY o.id DESC LIMIT $3::int
                        """)
                .execute(Tuple.of(tenantId, before, Math.clamp(limit, 1, 201)))
                .map(rows -> {
                    List<DeadLetter> letters = new ArrayList<>(rows.size());
                    rows.forEach(row -> letters.add(letter(row)));
                    return letters;
                });
    }

    /** A replay and whose it was. */
    public record Replayed(DeadLetter.Replay result, int tenantId) {}

    /**
     * Makes a dead letter due again. A policy that a newer one has overtaken stays dead: to send it would put the network
     * back.
     *
     * @param connection of the worker role, with a transaction open
     */
    public Future<Replayed> replay(SqlConnection connection, int tenantId, long id, Instant now) {
        return connection
                .preparedQuery("""
                        WITH letter AS (
                          SELECT o.*, o.stream = 'network' AND EXISTS (
                                   SELECT 1 FROM outbox n
                                   WHERE n.tenant_id = o.tenant_id AND n.vshard = o.vshard AND n.stream = o.stream
                                     AND n.endpoint_id = o.endpoint_id AND n.key = o.key AND n.version > o.version)
                                 AS overtaken
                          FROM outbox o
                          WHERE ($1::int = 0 OR o.tenant_id = $1) AND o.vshard = $2 AND o.id = $3
                            AND o.state = 'dead' AND o.stream <> 'webhook'
                          LIMIT 1 FOR UPDATE
                        ), woken AS (
                          UPDATE outbox o SET state = 'pending', next_at = $4, done_at = NULL, lease_owner = NULL,
                              attempts = least(o.attempts, 1)
                          FROM letter l
                          WHERE NOT l.overtaken AND o.tenant_id = l.tenant_id AND o.vshard = l.vshard AND o.id = l.id
                            AND o.endpoint_id = l.endpoint_id
                        )
                        SELECT tenant_id, overtaken FROM letter LIMIT 1
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    for (Row row : rows) {
                        return new Replayed(
                                row.getBoolean("overtaken") ? DeadLetter.Replay.OVERTAKEN : DeadLetter.Replay.DUE,
                                row.getInteger("tenant_id"));
                    }
                    return new Replayed(DeadLetter.Replay.UNKNOWN, tenantId);
                });
    }

    private static DeadLetter letter(Row row) {
        return new DeadLetter(
                row.getInteger("tenant_id"),
                row.getLong("id"),
                Stream.ofSql(row.getString("stream")),
                row.getLong("key"),
                row.getLong("version"),
                row.getInteger("attempts"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("done_at").toInstant(),
                row.getInteger("last_status"),
                row.getString("last_error"));
    }
}

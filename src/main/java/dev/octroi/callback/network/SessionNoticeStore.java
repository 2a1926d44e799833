package dev.octroi.callback.network;

import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** How the notifications for the sessions of an account stand. */
public final class SessionNoticeStore {
    /** From here on versions are of ends that the reconciler left; those of a session's own notifications count from 1. */
    public static final long ABORT_VERSIONS = 1L << 40;

    /**
     * A notification.
     *
     * @param refused nobody is going to send it any more, though its consumer may still be there
     * @param unreported it was taken, by a consumer that acts only when it is answered a report, and none came since the decision
     */
    record Notice(
            int tenantId,
            short vshard,
            long id,
            long endpointId,
            boolean pending,
            boolean refused,
            boolean unreported) {}

    /**
     * The latest notification of each open session and live subscription; a consumer that said 404 or 410 is not there. The
     * session's own and the reconciler's count apart: of these two, the latest is the one that was left last. An SMF of free5GC takes
     * the end of a session for a wish to hear of its rating groups, so that what stops it is the answer to its next report; one
     * that was never answered about a rating group has nothing to use.
     */
    Future<List<Notice>> latest(SqlClient client, int tenantId, long subscriptionId, Instant now) {
        return client.preparedQuery("""
                        WITH account AS (
                          SELECT vshard, tenant_id, account_id, desired_at FROM policy_state
                          WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3
                        ), consumer AS (
                          SELECT s.vshard, s.tenant_id, s.partner_id, s.number,
                                 p.charging_profile = 'free5gc'
                                 AND (s.promised_bytes > 0 AND s.grants_until > $5
                                      OR s.touched_at < a.desired_at AND s.memory ~ E'\\x1f[SQE]\\x1f') AS unreported
                          FROM account a JOIN charging_session s USING (vshard, tenant_id, account_id)
                          LEFT JOIN partner p ON p.id = s.partner_id
                          WHERE s.open AND s.notify_to IS NOT NULL
                          UNION ALL
                          SELECT l.vshard, l.tenant_id, l.partner_id, l.number, false
                          FROM account a JOIN spending_limit l USING (vshard, tenant_id, account_id)
                          WHERE NOT l.ended
                          LIMIT 1000
                        )
                        SELECT o.tenant_id, o.vshard, o.id, o.endpoint_id, o.state = 'pending' AS pending,
                               o.state = 'dead' AND coalesce(o.last_status, 0) NOT IN (404, 410) AS refused,
                               o.state NOT IN ('pending', 'dead') AND coalesce(c.unreported, false) AS unreported
                        FROM consumer c CROSS JOIN LATERAL (
                          SELECT r.* FROM (VALUES (0::bigint, $4::bigint), ($4::bigint, 9223372036854775807)) AS v (low, beyond)
                          CROSS JOIN LATERAL (
                            SELECT x.* FROM outbox x
                            WHERE x.tenant_id = c.tenant_id AND x.vshard = c.vshard AND x.stream = 'charging'
                              AND x.endpoint_id = c.partner_id AND x.key = c.number
                              AND x.version >= v.low AND x.version < v.beyond
                            ORDER BY x.version DESC LIMIT 1) r
                          ORDER BY r.created_at DESC, r.version DESC LIMIT 1) o
                        """)
                .execute(Tuple.of(
                        Ids.shardOf(subscriptionId),
                        tenantId,
                        subscriptionId,
                        ABORT_VERSIONS,
                        now.atOffset(ZoneOffset.UTC)))
                .map(rows -> ArrayColumns.list(
                        rows,
                        row -> new Notice(
                                row.getInteger("tenant_id"),
                                row.getShort("vshard"),
                                row.getLong("id"),
                                row.getLong("endpoint_id"),
                                row.getBoolean("pending"),
                                row.getBoolean("refused"),
                                row.getBoolean("unreported"))));
    }

    /** How many open sessions hold something whose consumers cannot be told: it is used until it is given back. */
    Future<Long> unheard(SqlClient client, int tenantId, long subscriptionId, Instant now) {
        return client.preparedQuery("""
                        SELECT count(*) FROM policy_state a JOIN charging_session s USING (vshard, tenant_id, account_id)
                        WHERE a.vshard = $1 AND a.tenant_id = $2 AND a.subscription_id = $3
                          AND s.open AND s.notify_to IS NULL AND s.promised_bytes > 0 AND s.grants_until > $4
                        """)
                .execute(Tuple.of(Ids.shardOf(subscriptionId), tenantId, subscriptionId, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Makes refused notifications due again. */
    Future<Void> again(SqlConnection connection, List<Notice> notices, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE outbox o
                        SET state = 'pending', next_at = $5::timestamptz, done_at = NULL, lease_owner = NULL, attempts = 0
                        FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::bigint[])
                             AS n (tenant_id, vshard, id, endpoint_id)
                        WHERE o.tenant_id = n.tenant_id AND o.vshard = n.vshard AND o.id = n.id
                          AND o.endpoint_id = n.endpoint_id AND o.state = 'dead'
                        """)
                .execute(Tuple.of(
                        ArrayColumns.column(notices, Notice::tenantId, Integer[]::new),
                        ArrayColumns.column(notices, Notice::vshard, Short[]::new),
                        ArrayColumns.column(notices, Notice::id, Long[]::new),
                        ArrayColumns.column(notices, Notice::endpointId, Long[]::new),
                        now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }
}

package dev.octroi.callback.reconcile;

import dev.octroi.callback.network.LossStore;
import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes back what was confirmed by whom policies went to before. */
final class PartnerChangeStore {
    /** A partner because of whom policies in force have still to be told, whose they are (0: all), and the last one looked at. */
    record Pending(long partnerId, int tenantId, int vshard, int afterTenantId, long afterAccountId) {
        private Pending after(int tenant, long account) {
            return new Pending(partnerId, tenantId, vshard, tenant, account);
        }

        private @Nullable Pending nextShard() {
            return vshard + 1 == Ids.SHARDS ? null : new Pending(partnerId, tenantId, vshard + 1, 0, 0);
        }
    }

    /** The next policies of a shard; those of tenants with a partner of their own are none of what goes to that of all. */
    private static final String PAGE = """
            page AS (
              SELECT s.vshard, s.tenant_id, s.account_id, s.subscription_id, s.desired_version,
                     NOT EXISTS (
                       SELECT 1 FROM partner q
                       WHERE $4 = 0 AND q.tenant_id <> 0 AND q.tenant_id = s.tenant_id AND q.kind = 'network'
                         AND q.disabled_at IS NULL AND (q.callback_url IS NOT NULL OR q.connector IS NOT NULL)) AS goes
              FROM policy_state s
              WHERE s.vshard = $1 AND (s.tenant_id, s.account_id) > ($2::int, $3::bigint)
                AND ($4::int = 0 OR s.tenant_id = $4)
              ORDER BY s.tenant_id, s.account_id LIMIT $5::int
            )""";

    /** A row of the outbox that somebody is sending. */
    record UnderWay(int tenantId, short vshard, long id) {}

    /** One of these partners, for this transaction alone. */
    Future<Optional<Pending>> take(SqlConnection connection) {
        return connection.preparedQuery("""
                        SELECT id, coalesce(retell_tenants[1], tenant_id) AS tenant_id, retell_from FROM partner
                        WHERE retell_from IS NOT NULL
                        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
                        """).execute().map(rows -> {
            for (Row row : rows) {
                Long[] from = row.getArrayOfLongs("retell_from");
                return Optional.of(new Pending(
                        row.getLong("id"),
                        row.getInteger("tenant_id"),
                        from[0].intValue(),
                        from[1].intValue(),
                        from[2]));
            }
            return Optional.empty();
        });
    }

    /** What of the next policies of a shard is being sent, perhaps to whom they went before. */
    Future<List<UnderWay>> underWay(SqlConnection connection, Pending pending, int limit) {
        return connection
                .preparedQuery("""
                        WITH %s
                        SELECT o.tenant_id, o.vshard, o.id FROM page p
                        JOIN outbox o ON o.tenant_id = p.tenant_id AND o.vshard = p.vshard AND o.stream = 'network'
                          AND o.endpoint_id = 0 AND o.key = p.subscription_id AND o.version = p.desired_version
                        WHERE p.goes AND o.state = 'pending' AND o.lease_owner IS NOT NULL
                        """.formatted(PAGE))
                .execute(page(pending, limit))
                .map(rows -> ArrayColumns.list(
                        rows,
                        row -> new UnderWay(row.getInteger("tenant_id"), row.getShort("vshard"), row.getLong("id"))));
    }

    /** Sends it again under new numbers, so that the answers to the attempts under way do not count. */
    Future<Void> again(SqlConnection connection, List<UnderWay> rows, List<Long> numbers, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE outbox o
                        SET id = r.number, next_at = $5::timestamptz, lease_owner = NULL, attempts = 0,
                            first_attempt_at = NULL, payload = o.payload || '{"repair": true}',
                            urgency = CASE WHEN o.payload -> 'level' >= '4' THEN 2 ELSE 3 END
                        FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::bigint[]) AS r (tenant_id, vshard, id, number)
                        WHERE o.tenant_id = r.tenant_id AND o.vshard = r.vshard AND o.id = r.id AND o.endpoint_id = 0
                          AND o.state = 'pending' AND o.lease_owner IS NOT NULL
                        """)
                .execute(Tuple.of(
                        rows.stream().map(UnderWay::tenantId).toArray(Integer[]::new),
                        rows.stream().map(UnderWay::vshard).toArray(Short[]::new),
                        rows.stream().map(UnderWay::id).toArray(Long[]::new),
                        numbers.toArray(Long[]::new),
                        now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** What waits because nobody could be told, or the one before did not take it, is due now. */
    Future<Void> hasten(SqlConnection connection, Pending pending, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        WITH %s
                        UPDATE outbox o SET next_at = $6::timestamptz, attempts = least(o.attempts, 1),
                            urgency = CASE WHEN o.payload -> 'level' >= '4' THEN 2 ELSE 3 END
                        FROM page p
                        WHERE p.goes AND o.tenant_id = p.tenant_id AND o.vshard = p.vshard AND o.stream = 'network'
                          AND o.endpoint_id = 0 AND o.key = p.subscription_id AND o.version = p.desired_version
                          AND o.state = 'pending' AND o.lease_owner IS NULL AND o.next_at > $6::timestamptz
                        """.formatted(PAGE))
                .execute(page(pending, limit).addOffsetDateTime(now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Events about requests to the API before are past, unless that of now knows the request as well. */
    Future<Void> forgetRequests(SqlConnection connection, Pending pending, int limit) {
        return connection
                .preparedQuery("""
                        WITH %s
                        UPDATE network_copy c SET number = -c.number FROM page p
                        WHERE p.goes AND c.tenant_id = p.tenant_id AND c.vshard = p.vshard AND c.subscription_id = p.subscription_id
                          AND c.state = 'requested' AND c.number > 0
                        """.formatted(PAGE))
                .execute(page(pending, limit))
                .mapEmpty();
    }

    private static Tuple page(Pending pending, int limit) {
        return Tuple.of(pending.vshard(), pending.afterTenantId(), pending.afterAccountId(), pending.tenantId(), limit);
    }

    /**
     * Has the next policies of a shard count as unconfirmed where they are not full speed, which is what a network begins with; those that
     * nobody had confirmed are looked at now, however long ago they were refused.
     *
     * @param limit how many are looked at
     */
    Future<Void> step(SqlConnection connection, Pending pending, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        WITH %s, marked AS (
                          UPDATE policy_state s
                          SET %s
                          FROM page p
                          LEFT JOIN decision n ON n.vshard = p.vshard AND n.tenant_id = p.tenant_id
                            AND n.account_id = p.account_id AND n.version = p.desired_version
                          WHERE s.vshard = p.vshard AND s.tenant_id = p.tenant_id AND s.account_id = p.account_id
                            AND s.confirmed_version = s.desired_version AND n.level IS DISTINCT FROM 'NORMAL'
                            AND p.goes
                        ), looked AS (
                          UPDATE policy_state s SET check_after = '-infinity', repairs = 0
                          FROM page p
                          WHERE p.goes AND s.vshard = p.vshard AND s.tenant_id = p.tenant_id AND s.account_id = p.account_id
                            AND s.confirmed_version < s.desired_version
                        )
                        SELECT tenant_id, account_id, (count(*) OVER ())::int AS looked FROM page
                        ORDER BY tenant_id DESC, account_id DESC LIMIT 1
                        """.formatted(PAGE, LossStore.unconfirmed("$6")))
                .execute(page(pending, limit).addOffsetDateTime(now.atOffset(ZoneOffset.UTC)))
                .compose(rows -> {
                    for (Row row : rows) {
                        if (row.getInteger("looked") == limit) {
                            return keep(
                                    connection,
                                    pending.partnerId(),
                                    pending.after(row.getInteger("tenant_id"), row.getLong("account_id")));
                        }
                    }
                    Pending next = pending.nextShard();
                    return next == null
                            ? done(connection, pending.partnerId())
                            : keep(connection, pending.partnerId(), next);
                });
    }

    private static Future<Void> keep(SqlConnection connection, long partnerId, Pending next) {
        Long[] from = {(long) next.vshard(), (long) next.afterTenantId(), next.afterAccountId()};
        return connection
                .preparedQuery("UPDATE partner SET retell_from = $2 WHERE id = $1")
                .execute(Tuple.tuple().addLong(partnerId).addArrayOfLong(from))
                .mapEmpty();
    }

    /** A tenant that it was of is done, and the next one begins; its own is the last. */
    private static Future<Void> done(SqlConnection connection, long partnerId) {
        return connection.preparedQuery("""
                        UPDATE partner
                        SET retell_from = CASE WHEN retell_tenants <> '{}' THEN '{0,0,0}'::bigint[] END,
                            retell_tenants = retell_tenants[2:]
                        WHERE id = $1
                        """).execute(Tuple.of(partnerId)).mapEmpty();
    }
}

package dev.octroi.callback;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes back what was confirmed by whom policies went to before. */
final class PartnerChangeStore {
    /** A partner to whom the policies in force have still to be told, and the last one looked at. */
    record Pending(long partnerId, int tenantId, int vshard, int afterTenantId, long afterAccountId) {
        private Pending after(int tenant, long account) {
            return new Pending(partnerId, tenantId, vshard, tenant, account);
        }

        private @Nullable Pending nextShard() {
            return vshard + 1 == Ids.SHARDS ? null : new Pending(partnerId, tenantId, vshard + 1, 0, 0);
        }
    }

    /** One of these partners, for this transaction alone. */
    Future<Optional<Pending>> take(SqlConnection connection) {
        return connection.preparedQuery("""
                        SELECT id, tenant_id, retell_from FROM partner
                        WHERE retell_from IS NOT NULL AND kind = 'network' AND disabled_at IS NULL
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

    /**
     * Has the next policies of a shard count as unconfirmed where they are not full speed, which is what a network begins with. A
     * partner of all tenants is none of those that have their own.
     *
     * @param limit how many are looked at
     */
    Future<Void> step(SqlConnection connection, Pending pending, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        WITH page AS (
                          SELECT s.vshard, s.tenant_id, s.account_id, s.desired_version FROM policy_state s
                          WHERE s.vshard = $1 AND (s.tenant_id, s.account_id) > ($2::int, $3::bigint)
                            AND ($4::int = 0 OR s.tenant_id = $4)
                          ORDER BY s.tenant_id, s.account_id LIMIT $5::int
                        ), marked AS (
                          UPDATE policy_state s
                          SET %s
                          FROM page p
                          LEFT JOIN decision n ON n.vshard = p.vshard AND n.tenant_id = p.tenant_id
                            AND n.account_id = p.account_id AND n.version = p.desired_version
                          WHERE s.vshard = p.vshard AND s.tenant_id = p.tenant_id AND s.account_id = p.account_id
                            AND s.confirmed_version = s.desired_version AND n.level IS DISTINCT FROM 'NORMAL'
                            AND NOT EXISTS (
                              SELECT 1 FROM partner q
                              WHERE $4 = 0 AND q.tenant_id = s.tenant_id AND q.kind = 'network'
                                AND q.disabled_at IS NULL AND (q.callback_url IS NOT NULL OR q.connector IS NOT NULL))
                        )
                        SELECT tenant_id, account_id, (count(*) OVER ())::int AS looked FROM page
                        ORDER BY tenant_id DESC, account_id DESC LIMIT 1
                        """.formatted(LossStore.unconfirmed("$6")))
                .execute(Tuple.of(
                        pending.vshard(),
                        pending.afterTenantId(),
                        pending.afterAccountId(),
                        pending.tenantId(),
                        limit,
                        now.atOffset(ZoneOffset.UTC)))
                .compose(rows -> {
                    for (Row row : rows) {
                        if (row.getInteger("looked") == limit) {
                            return keep(
                                    connection,
                                    pending.partnerId(),
                                    pending.after(row.getInteger("tenant_id"), row.getLong("account_id")));
                        }
                    }
                    return keep(connection, pending.partnerId(), pending.nextShard());
                });
    }

    private static Future<Void> keep(SqlConnection connection, long partnerId, @Nullable Pending next) {
        Long[] from = next == null
                ? null
                : new Long[] {(long) next.vshard(), (long) next.afterTenantId(), next.afterAccountId()};
        return connection
                .preparedQuery("UPDATE partner SET retell_from = $2 WHERE id = $1")
                .execute(Tuple.tuple().addLong(partnerId).addArrayOfLong(from))
                .mapEmpty();
    }
}

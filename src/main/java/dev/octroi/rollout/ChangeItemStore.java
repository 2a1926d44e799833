package dev.octroi.rollout;

import dev.octroi.policy.Rule;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.quota.account.ChangeTrace;
import dev.octroi.quota.account.ChangeTraceJson;
import dev.octroi.quota.account.ItemState;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What changes mean for each account, in the database. Items that are applied or undone are written with the account. */
final class ChangeItemStore {
    /**
     * Keeps whom a change is for, in an order that has nothing to do with what the subscriptions are.
     *
     * @return how many they are, at most the limit
     */
    Future<Integer> insert(SqlConnection connection, int tenantId, long changeId, ChangeTarget target, int limit) {
        return connection
                .preparedQuery("""
                        INSERT INTO policy_change_item (tenant_id, change_id, position, vshard, account_id,
                                                        subscription_id, state)
                        SELECT s.tenant_id, $6::bigint, row_number() OVER (ORDER BY hashint8extended(a.id, $6::bigint), a.id), a.vshard,
                               a.id, s.id, 'pending'
                        FROM subscription s
                        JOIN account a ON a.vshard = s.vshard AND a.tenant_id = s.tenant_id AND a.id = s.account_id
                        WHERE s.tenant_id = $1 AND NOT a.ended AND ($2::bigint IS NULL OR s.plan_id = $2)
                          AND ($3::text IS NULL OR a.country = $3) AND ($4::bigint[] IS NULL OR s.id = ANY ($4))
                        LIMIT $5
                        """)
                .execute(target(Tuple.of(tenantId), target).addValue(limit).addValue(changeId))
                .map(rows -> rows.rowCount());
    }

    /** Whom a change would be for, newest first, of those older than an identifier. */
    Future<List<ChangeTarget.Meant>> meant(
            SqlClient client, int tenantId, ChangeTarget target, long beforeId, int limit) {
        return client.preparedQuery("""
                        SELECT s.id, a.id AS account_id
                        FROM subscription s
                        JOIN account a ON a.vshard = s.vshard AND a.tenant_id = s.tenant_id AND a.id = s.account_id
                        WHERE s.tenant_id = $1 AND NOT a.ended AND ($2::bigint IS NULL OR s.plan_id = $2)
                          AND ($3::text IS NULL OR a.country = $3) AND ($4::bigint[] IS NULL OR s.id = ANY ($4))
                          AND s.id < $5
                        ORDER BY s.id DESC LIMIT $6
                        """)
                .execute(target(Tuple.of(tenantId), target).addValue(beforeId).addValue(limit))
                .map(rows -> rows.stream()
                        .map(row -> new ChangeTarget.Meant(row.getLong("id"), row.getLong("account_id")))
                        .toList());
    }

    /** How many items are in which state. */
    Future<Map<ItemState, Integer>> tally(SqlClient client, int tenantId, long changeId) {
        return client.preparedQuery("""
                        SELECT state, count(*)::int FROM policy_change_item
                        WHERE tenant_id = $1 AND change_id = $2 GROUP BY state
                        """).execute(Tuple.of(tenantId, changeId)).map(rows -> {
            Map<ItemState, Integer> tally = new EnumMap<>(ItemState.class);
            rows.forEach(row -> tally.put(state(row.getString(0)), row.getInteger(1)));
            return tally;
        });
    }

    /** How many items up to a position are not reached. */
    Future<Integer> pending(SqlClient client, int tenantId, long changeId, int upTo) {
        return client.preparedQuery("""
                        SELECT count(*)::int FROM policy_change_item
                        WHERE tenant_id = $1 AND change_id = $2 AND state = 'pending' AND position <= $3
                        """)
                .execute(Tuple.of(tenantId, changeId, upTo))
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    /**
     * What is seen of those that have the change.
     *
     * @param overdue what the network should have confirmed was decided before this; null: nothing is expected
     */
    Future<Indicator> indicator(SqlClient client, int tenantId, long changeId, @Nullable Instant overdue) {
        return client.preparedQuery("""
                        SELECT count(*)::int,
                               (count(*) FILTER (WHERE array_position(l.names, a.level)
                                                     > array_position(l.names, i.level_before)))::int,
                               (count(*) FILTER (WHERE p.confirmed_version < p.desired_version
                                                   AND p.desired_at >= i.changed_at AND p.desired_at < $3))::int
                        FROM policy_change_item i
                        JOIN account a ON a.vshard = i.vshard AND a.tenant_id = i.tenant_id AND a.id = i.account_id
                        LEFT JOIN policy_state p ON p.vshard = i.vshard AND p.tenant_id = i.tenant_id
                          AND p.account_id = i.account_id
                        CROSS JOIN (VALUES (ARRAY['NORMAL', 'THROTTLED', 'BACKGROUND_BLOCKED', 'SUSPENDED_DATA',
                                                  'SUSPENDED_ALL'])) AS l (names)
                        WHERE i.tenant_id = $1 AND i.change_id = $2 AND i.state = 'applied'
                        """)
                .execute(Tuple.of(tenantId, changeId, ChangeRows.time(overdue)))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Indicator(row.getInteger(0), row.getInteger(1), row.getInteger(2));
                });
    }

    /** Items of a state up to a position, in the order of the roll-out. */
    Future<List<ChangeItem>> next(SqlClient client, PolicyChange change, ItemState state, int upTo, int limit) {
        return client.preparedQuery("""
                        SELECT position, account_id, subscription_id, state, trace, refusal, changed_at
                        FROM policy_change_item
                        WHERE tenant_id = $1 AND change_id = $2 AND state = $3 AND position <= $4
                        ORDER BY position LIMIT $5
                        """)
                .execute(Tuple.of(change.tenantId(), change.id(), state.word(), upTo, limit))
                .map(rows -> items(rows, change.act()));
    }

    /** Items after a position, in the order of the roll-out. */
    Future<List<ChangeItem>> after(SqlClient client, PolicyChange change, long position, int limit) {
        return client.preparedQuery("""
                        SELECT position, account_id, subscription_id, state, trace, refusal, changed_at
                        FROM policy_change_item
                        WHERE tenant_id = $1 AND change_id = $2 AND position > $3 ORDER BY position LIMIT $4
                        """)
                .execute(Tuple.of(change.tenantId(), change.id(), position, limit))
                .map(rows -> items(rows, change.act()));
    }

    /** An item that its account cannot take, or not give back; nothing happens when it went on meanwhile. */
    Future<Void> refuse(SqlClient client, PolicyChange change, ChangeItem item, String refusal, Instant now) {
        ItemState next = item.state() == ItemState.PENDING ? ItemState.REFUSED : ItemState.KEPT;
        return client.preparedQuery("""
                        UPDATE policy_change_item SET state = $4, refusal = $5, changed_at = $6
                        WHERE tenant_id = $1 AND change_id = $2 AND position = $3 AND state = $7
                        """)
                .execute(Tuple.of(
                                change.tenantId(),
                                change.id(),
                                item.position(),
                                next.word(),
                                refusal,
                                ChangeRows.time(now))
                        .addValue(item.state().word()))
                .mapEmpty();
    }

    private static Tuple target(Tuple tuple, ChangeTarget target) {
        return tuple.addValue(target.planId().isPresent() ? target.planId().getAsLong() : null)
                .addValue(target.country().orElse(null))
                .addValue(
                        target.subscriptions().isEmpty()
                                ? null
                                : target.subscriptions().toArray(Long[]::new));
    }

    private static List<ChangeItem> items(Iterable<Row> rows, ChangeAct act) {
        List<ChangeItem> items = new ArrayList<>();
        for (Row row : rows) {
            JsonObject trace = row.get(JsonObject.class, "trace");
            items.add(new ChangeItem(
                    row.getInteger("position"),
                    row.getLong("account_id"),
                    row.getLong("subscription_id"),
                    state(row.getString("state")),
                    trace == null ? null : trace(trace, act),
                    row.getString("refusal"),
                    ChangeRows.instant(row, "changed_at")));
        }
        return items;
    }

    private static ChangeTrace trace(JsonObject json, ChangeAct act) {
        Rule.Owner owner = switch (act) {
            case ChangeAct.PutRule put -> put.rule().owner();
            case ChangeAct.RemoveRule remove -> remove.owner();
            // A hold has no owner, and its trace no rule.
            case ChangeAct.Suspend suspend -> Rule.Owner.OPERATOR;
        };
        return ChangeTraceJson.read(json.encode(), owner);
    }

    private static ItemState state(String word) {
        return ItemState.valueOf(word.toUpperCase(Locale.ROOT));
    }
}

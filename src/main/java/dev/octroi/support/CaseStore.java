package dev.octroi.support;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Cases. Tenant 0 stands for all tenants, for the operator of the installation. */
final class CaseStore {
    private static final String CASE = """
            SELECT c.*, coalesce(a.kind, 'question') AS kind, a.incident
            FROM support_case c
            LEFT JOIN alarm a ON a.tenant_id = c.tenant_id AND a.vshard = c.vshard AND a.id = c.alarm_id
            """;

    /** What became of a case that was to be finished. */
    enum Finish {
        /** Another gateway was faster. */
        BEFORE,
        /** The case is settled, and its alarm with it. */
        SETTLED,
        /** The case is settled, but its alarm holds data by what nobody has settled, and stays open. */
        OUTGROWN
    }

    Future<Optional<SupportCase>> find(SqlClient connection, int tenantId, long id) {
        return connection
                .preparedQuery(CASE + """
                        WHERE c.id = $2 AND c.vshard = $3 AND ($1::int = 0 OR c.tenant_id = $1)
                        """)
                .execute(Tuple.of(tenantId, id, Ids.shardOf(id)))
                .map(rows -> cases(rows).stream().findFirst());
    }

    /** Newest first, of those older than an identifier; an empty state means all, subscription 0 means all. */
    Future<List<SupportCase>> list(
            SqlClient connection, int tenantId, String state, long subscriptionId, long beforeId, int limit) {
        Tuple values = Tuple.of(tenantId, state, beforeId, limit);
        return connection
                .preparedQuery(CASE + """
                WHERE ($1::int = 0 OR c.tenant_id = $1) AND ($2::text = '' OR c.state = $2) AND c.id < $3 %s
                ORDER BY c.id DESC LIMIT $4::int
                """.formatted(ofSubscription(subscriptionId, "c", values)))
                .execute(values)
                .map(CaseStore::cases);
    }

    /** The condition for one subscription, whose values are added; nothing where it is 0, so that each list has a plan of its own. */
    static String ofSubscription(long subscriptionId, String alias, Tuple values) {
        if (subscriptionId == 0) {
            return "";
        }
        values.addValue(Ids.shardOf(subscriptionId));
        values.addValue(subscriptionId);
        int last = values.size();
        return "AND %1$s.vshard = $%2$d AND %1$s.subscription_id = $%3$d".formatted(alias, last - 1, last);
    }

    /** The case of a subscription that was settled last. */
    Future<Optional<SupportCase>> lastSettled(SqlClient connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery(CASE + """
                        WHERE c.tenant_id = $1 AND c.vshard = $2 AND c.subscription_id = $3 AND c.state = 'resolved'
                        ORDER BY c.resolved_at DESC, c.id DESC LIMIT 1
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(rows -> cases(rows).stream().findFirst());
    }

    Future<Void> insert(
            SqlConnection connection,
            int tenantId,
            long id,
            long subscriptionId,
            String summary,
            String openedBy,
            Instant at) {
        return connection
                .preparedQuery("""
                        INSERT INTO support_case (tenant_id, vshard, id, subscription_id, summary, opened_by, opened_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7)
                        """)
                .execute(Tuple.from(new Object[] {
                    tenantId, Ids.shardOf(id), id, subscriptionId, summary, openedBy, at.atOffset(ZoneOffset.UTC)
                }))
                .mapEmpty();
    }

    /** Notes what is about to be carried out; false when the case is no longer open. */
    Future<Boolean> begin(SqlConnection connection, SupportCase open, Settlement settlement, String actor) {
        return connection
                .preparedQuery("""
                        UPDATE support_case
                        SET state = 'resolving', resolution = $4, credit_bytes = $5, lift = $6, reason = $7,
                            resolved_by = $8, meant = $9, outgrown = false
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND state = 'open'
                        """)
                .execute(Tuple.from(new Object[] {
                    open.tenantId(),
                    Ids.shardOf(open.id()),
                    open.id(),
                    settlement.word(),
                    settlement.creditBytes(),
                    settlement.lift(),
                    settlement.reason(),
                    actor,
                    settlement.meant()
                }))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The account refused: the case is open again. */
    Future<Void> reopen(SqlConnection connection, SupportCase tried) {
        return connection
                .preparedQuery("""
                        UPDATE support_case
                        SET state = 'open', resolution = NULL, credit_bytes = 0, lift = false, reason = NULL,
                            resolved_by = NULL, meant = NULL
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND state = 'resolving'
                        """)
                .execute(Tuple.of(tried.tenantId(), Ids.shardOf(tried.id()), tried.id()))
                .mapEmpty();
    }

    /**
     * Carried out. What somebody called meant is no drain, whatever is given back. The alarm is locked before the case, as reports do. One that was lifted is not held again in its incident, so that
     * nothing is left to settle.
     */
    Future<Finish> finish(SqlConnection connection, SupportCase done, String alarmState, Instant at) {
        return connection
                .preparedQuery("SELECT FROM alarm WHERE tenant_id = $1 AND vshard = $2 AND id = $3 FOR UPDATE")
                .execute(Tuple.of(
                        done.tenantId(), Ids.shardOf(done.id()), done.alarmId().orElse(0)))
                .compose(locked -> connection
                        .preparedQuery("""
                        WITH settled AS (
                          UPDATE support_case SET state = 'resolved', resolved_at = $4::timestamptz
                          WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND state = 'resolving'
                          RETURNING tenant_id, vshard, id, alarm_id, outgrown AND NOT lift AS is_held
                        ), told AS (
                          UPDATE alarm a
                          SET state = CASE WHEN s.is_held THEN 'open' WHEN a.meant THEN 'dismissed' ELSE $5 END,
                              updated_at = $4::timestamptz
                          FROM settled s
                          WHERE a.tenant_id = s.tenant_id AND a.vshard = s.vshard AND a.id = s.alarm_id
                        )
                        SELECT is_held FROM settled
                        """)
                        .execute(Tuple.of(
                                done.tenantId(),
                                Ids.shardOf(done.id()),
                                done.id(),
                                at.atOffset(ZoneOffset.UTC),
                                alarmState)))
                .map(CaseStore::finished);
    }

    private static Finish finished(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Finish.BEFORE;
        }
        return rows.iterator().next().getBoolean("is_held") ? Finish.OUTGROWN : Finish.SETTLED;
    }

    /** Another case of the alarm of one that is settled. */
    Future<Void> another(SqlConnection connection, SupportCase settled, long id, Instant at) {
        return connection
                .preparedQuery("""
                        INSERT INTO support_case (tenant_id, vshard, id, subscription_id, alarm_id, opened_by, opened_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7)
                        """)
                .execute(Tuple.from(new Object[] {
                    settled.tenantId(),
                    Ids.shardOf(id),
                    id,
                    settled.subscriptionId(),
                    settled.alarmId().orElseThrow(),
                    AlarmStore.DETECTOR,
                    at.atOffset(ZoneOffset.UTC)
                }))
                .mapEmpty();
    }

    /** The volume that earlier cases of the same alarm gave back. */
    Future<Long> creditedBefore(SqlClient connection, SupportCase later) {
        return connection
                .preparedQuery("""
                        SELECT coalesce(sum(credit_bytes), 0)::bigint FROM support_case
                        WHERE tenant_id = $1 AND vshard = $2 AND alarm_id = $3 AND id < $4 AND state = 'resolved'
                        """)
                .execute(Tuple.of(
                        later.tenantId(),
                        Ids.shardOf(later.id()),
                        later.alarmId().orElse(0),
                        later.id()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Whether the traveller has said what the use was that a case is about. */
    Future<Boolean> isAnsweredByTheTraveller(SqlClient connection, SupportCase of) {
        return connection
                .preparedQuery("""
                        SELECT coalesce(bool_or(answered_by = 'traveller'), false) FROM alarm
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                        """)
                .execute(Tuple.of(
                        of.tenantId(), Ids.shardOf(of.id()), of.alarmId().orElse(0)))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** The account of a subscription. */
    Future<OptionalLong> account(SqlClient connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery("""
                        SELECT id FROM account WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(rows -> rows.size() == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(rows.iterator().next().getLong(0)));
    }

    /** Cases whose settlement broke off, in the order of their keys, of those after one. */
    Future<List<SupportCase>> unfinished(SqlClient connection, Optional<SupportCase> after, int limit) {
        return connection
                .preparedQuery(CASE + """
                        WHERE c.state = 'resolving' AND (c.tenant_id, c.vshard, c.id) > ($1::int, $2::smallint, $3::bigint)
                        ORDER BY c.tenant_id, c.vshard, c.id LIMIT $4::int
                        """)
                .execute(Tuple.of(
                        after.map(SupportCase::tenantId).orElse(-1),
                        after.map(each -> Ids.shardOf(each.id())).orElse((short) 0),
                        after.map(SupportCase::id).orElse(0L),
                        limit))
                .map(CaseStore::cases);
    }

    private static List<SupportCase> cases(RowSet<Row> rows) {
        List<SupportCase> cases = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Long alarmId = row.getLong("alarm_id");
            Integer incident = row.getInteger("incident");
            cases.add(new SupportCase(
                    row.getInteger("tenant_id"),
                    row.getLong("id"),
                    row.getLong("subscription_id"),
                    alarmId == null ? OptionalLong.empty() : OptionalLong.of(alarmId),
                    incident == null ? OptionalInt.empty() : OptionalInt.of(incident),
                    row.getString("kind"),
                    row.getString("state"),
                    row.getString("summary"),
                    row.getString("opened_by"),
                    row.getOffsetDateTime("opened_at").toInstant(),
                    row.getString("resolution"),
                    row.getLong("credit_bytes"),
                    row.getBoolean("lift"),
                    row.getBoolean("meant"),
                    row.getString("reason"),
                    row.getString("resolved_by"),
                    instant(row.getOffsetDateTime("resolved_at"))));
        }
        return cases;
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}

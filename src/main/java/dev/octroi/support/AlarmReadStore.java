package dev.octroi.support;

import dev.octroi.db.Ids;
import dev.octroi.drain.AnsweredAlarm;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads alarms. Tenant 0 stands for all tenants, for the operator of the installation. */
final class AlarmReadStore {
    /** An alarm that opened again has several cases, of which the last is the one that is worked on. */
    private static final String WITH_NEWEST_CASE = """
            SELECT a.*, c.id AS case_id
            FROM alarm a
            LEFT JOIN LATERAL (
              SELECT id FROM support_case
              WHERE tenant_id = a.tenant_id AND vshard = a.vshard AND alarm_id = a.id
              ORDER BY id DESC LIMIT 1) c ON true
            """;

    /** Alarms in a state, newest first, of those older than an identifier; an empty state means all, and so does subscription 0. */
    Future<List<Alarm>> queue(
            SqlClient connection, int tenantId, String state, long subscriptionId, long beforeId, int limit) {
        Tuple values = Tuple.of(tenantId, state, beforeId, limit);
        return connection
                .preparedQuery(WITH_NEWEST_CASE + """
                WHERE ($1::int = 0 OR a.tenant_id = $1) AND ($2::text = '' OR a.state = $2) AND a.id < $3 %s
                ORDER BY a.id DESC LIMIT $4::int
                """.formatted(CaseStore.ofSubscription(subscriptionId, "a", values)))
                .execute(values)
                .map(AlarmReadStore::alarms);
    }

    /** The newest alarms of one subscription. */
    Future<List<Alarm>> ofSubscription(SqlClient connection, int tenantId, long subscriptionId, int limit) {
        return connection
                .preparedQuery(WITH_NEWEST_CASE + """
                        WHERE a.tenant_id = $1 AND a.vshard = $2 AND a.subscription_id = $3
                        ORDER BY a.id DESC LIMIT $4::int
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId, limit))
                .map(AlarmReadStore::alarms);
    }

    /** How the newest 10,000 alarms were answered, by kind. */
    Future<List<KindPrecision>> precision(SqlClient connection, int tenantId) {
        return connection.preparedQuery("""
                        SELECT kind, count(*)::int AS alarms,
                          count(*) FILTER (WHERE meant IS FALSE OR (meant IS NULL AND state = 'confirmed'))::int AS real,
                          count(*) FILTER (WHERE meant)::int AS meant
                        FROM (SELECT kind, meant, state FROM alarm
                              WHERE $1::int = 0 OR tenant_id = $1 ORDER BY id DESC LIMIT 10000) newest
                        GROUP BY kind ORDER BY kind LIMIT 20
                        """).execute(Tuple.of(tenantId)).map(rows -> {
            List<KindPrecision> kinds = new ArrayList<>();
            rows.forEach(row -> kinds.add(new KindPrecision(
                    row.getString("kind"), row.getInteger("alarms"), row.getInteger("real"), row.getInteger("meant"))));
            return kinds;
        });
    }

    /**
     * What was measured and answered, of the newest answered alarms; ordered by what was measured. Of use that was
     * meant only the traveller's own word counts: settlements of before said so wherever they let go.
     */
    Future<List<AnsweredAlarm>> answered(SqlClient connection, int limit) {
        return connection.preparedQuery("""
                        SELECT meant, kind, recent->'quantities' AS quantities
                        FROM (SELECT meant, kind, recent FROM alarm
                              WHERE (NOT meant OR (meant AND answered_by = 'traveller'))
                                AND jsonb_typeof(recent->'quantities') = 'array'
                              ORDER BY id DESC LIMIT $1) newest
                        ORDER BY quantities LIMIT $1
                        """).execute(Tuple.of(limit)).map(rows -> {
            List<AnsweredAlarm> answered = new ArrayList<>(rows.size());
            for (Row row : rows) {
                List<Float> quantities = new ArrayList<>();
                for (Object each : row.getJsonArray("quantities")) {
                    quantities.add(((Number) each).floatValue());
                }
                answered.add(new AnsweredAlarm(row.getBoolean("meant"), row.getString("kind"), quantities));
            }
            return answered;
        });
    }

    private static List<Alarm> alarms(RowSet<Row> rows) {
        List<Alarm> alarms = new ArrayList<>(rows.size());
        rows.forEach(row -> alarms.add(alarm(row)));
        return alarms;
    }

    private static Alarm alarm(Row row) {
        Long caseId = row.getLong("case_id");
        return new Alarm(
                row.getInteger("tenant_id"),
                row.getLong("id"),
                row.getLong("subscription_id"),
                row.getInteger("incident"),
                row.getString("kind"),
                row.getString("category"),
                row.getString("zone"),
                row.getOffsetDateTime("since").toInstant(),
                row.getLong("expected_low_bytes"),
                row.getLong("expected_high_bytes"),
                row.getLong("observed_bytes"),
                row.getLong("at_stake_bytes"),
                row.getLong("saved_bytes"),
                row.getJsonArray("reasons"),
                row.getDouble("score"),
                row.getDouble("confidence"),
                row.getString("state"),
                row.getString("action"),
                Optional.ofNullable(row.getBoolean("meant")),
                row.getJsonObject("recent"),
                row.getOffsetDateTime("opened_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant(),
                caseId == null ? OptionalLong.empty() : OptionalLong.of(caseId));
    }
}

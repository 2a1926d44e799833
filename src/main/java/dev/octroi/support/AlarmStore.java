package dev.octroi.support;

import dev.octroi.callback.event.Event;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.db.Ids;
import dev.octroi.drain.Verdict;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes alarms and the cases they open. */
final class AlarmStore {
    /** The opener's name in cases that no person opened. */
    static final String DETECTOR = "drain-detector";

    /** What a plan makes of an alarm that holds data back, in rising strictness. */
    private static final List<String> HOLDING = Stream.of(
                    DrainPolicy.THROTTLE, DrainPolicy.SUSPEND_CATEGORY, DrainPolicy.SUSPEND)
            .map(policy -> policy.name().toLowerCase(Locale.ROOT))
            .toList();

    /**
     * One statement for all reports; returns the events that tell of new cases. A known incident is brought up to date instead, but
     * only while it is open: what support has settled stays as it was settled, until data is held more strictly than was settled, or again
     * after the hold had run out, or until what is told once a day is told a day after it was settled. Then the alarm is open again, with a case of its own. Where that happens while the settlement of a
     * case is carried out, the case is marked as outgrown instead, and {@link CaseStore#finish} leaves the alarm open.
     */
    Future<List<Event>> report(SqlConnection connection, List<AlarmReport> reports) {
        if (reports.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return connection.preparedQuery("""
                        WITH report AS (
                          SELECT * FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[],
                                               $6::jsonb[], $7::timestamptz[], $8::timestamptz[])
                            AS r (tenant_id, vshard, alarm_id, case_id, subscription_id, alarm, since, at)
                        ), stored AS (
                          INSERT INTO alarm (tenant_id, vshard, id, subscription_id, incident, kind, category, zone,
                                             since, expected_low_bytes, expected_high_bytes, observed_bytes,
                                             at_stake_bytes, reasons, score, confidence, action, recent,
                                             opened_at, updated_at, opened_stake_bytes, estimate_after)
                          SELECT tenant_id, vshard, alarm_id, subscription_id, (alarm ->> 'incident')::int,
                                 alarm ->> 'kind', alarm ->> 'category', alarm ->> 'zone', since,
                                 (alarm ->> 'expectedLow')::bigint, (alarm ->> 'expectedHigh')::bigint,
                                 (alarm ->> 'observed')::bigint, (alarm ->> 'atStake')::bigint, alarm -> 'reasons',
                                 (alarm ->> 'score')::float8, (alarm ->> 'confidence')::float8,
                                 alarm ->> 'action', alarm -> 'recent', at, at,
                                 (alarm ->> 'atStake')::bigint, at + interval '6 hours'
                          FROM report
                          ON CONFLICT (tenant_id, vshard, subscription_id, incident) DO UPDATE
                             SET kind = excluded.kind, category = excluded.category, zone = excluded.zone,
                                 expected_low_bytes = excluded.expected_low_bytes,
                                 expected_high_bytes = excluded.expected_high_bytes,
                                 observed_bytes = excluded.observed_bytes, at_stake_bytes = excluded.at_stake_bytes,
                                 reasons = excluded.reasons, score = excluded.score,
                                 confidence = excluded.confidence, action = excluded.action,
                                 recent = excluded.recent, updated_at = excluded.updated_at, state = 'open',
                                 estimate_after = excluded.estimate_after
                           WHERE alarm.state = 'open'
                              OR array_position($10::text[], excluded.action)
                                 > coalesce(array_position($10::text[], alarm.action), 0)
                              OR (excluded.action = ANY ($10::text[])
                                  AND (excluded.recent ->> 'holdHadRunOut')::boolean)
                              OR ((excluded.recent ->> 'toldAgain')::boolean AND alarm.meant IS NOT TRUE
                                  AND alarm.updated_at <= excluded.updated_at - interval '1 day')
                          RETURNING new.tenant_id, new.vshard, new.id, new.subscription_id, new.incident,
                                    coalesce(array_position($10::text[], new.action)
                                             > coalesce(array_position($10::text[], old.action), 0), false)
                                    OR coalesce(new.action = ANY ($10::text[])
                                                AND (new.recent ->> 'holdHadRunOut')::boolean, false) AS held_anew
                        )
                        INSERT INTO support_case (tenant_id, vshard, id, subscription_id, alarm_id, opened_by, opened_at)
                        SELECT r.tenant_id, r.vshard, r.case_id, r.subscription_id, s.id, $9, r.at
                        FROM report r JOIN stored s
                          ON s.tenant_id = r.tenant_id AND s.vshard = r.vshard
                            AND s.subscription_id = r.subscription_id
                            AND s.incident = (r.alarm ->> 'incident')::int
                        ON CONFLICT (tenant_id, vshard, alarm_id) WHERE state <> 'resolved' DO UPDATE
                           SET outgrown = true
                           WHERE support_case.state = 'resolving'
                             AND EXISTS (SELECT FROM stored s
                                         WHERE s.tenant_id = excluded.tenant_id AND s.vshard = excluded.vshard
                                           AND s.id = excluded.alarm_id AND s.held_anew)
                        RETURNING id
                        """).execute(columns(reports)).map(rows -> opened(reports, rows));
    }

    /** Of several answers to one alarm the last one in the list holds. */
    Future<Void> answer(SqlConnection connection, List<AlarmAnswer> answers) {
        Map<List<Object>, AlarmAnswer> last = new LinkedHashMap<>();
        answers.forEach(each -> last.put(List.of(each.tenantId(), each.subscriptionId(), each.incident()), each));
        Tuple columns = Tuple.tuple();
        columns.addValue(last.values().stream().map(AlarmAnswer::tenantId).toArray(Integer[]::new));
        columns.addValue(last.values().stream()
                .map(each -> Ids.shardOf(each.subscriptionId()))
                .toArray(Short[]::new));
        columns.addValue(last.values().stream().map(AlarmAnswer::subscriptionId).toArray(Long[]::new));
        columns.addValue(last.values().stream().map(AlarmAnswer::incident).toArray(Integer[]::new));
        columns.addValue(last.values().stream().map(AlarmAnswer::meant).toArray(Boolean[]::new));
        columns.addValue(last.values().stream().map(AlarmAnswer::answeredBy).toArray(String[]::new));
        columns.addValue(last.values().stream()
                .map(each -> each.at().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
        return connection.preparedQuery("""
                        UPDATE alarm a
                        SET meant = n.meant, answered_by = left(n.answered_by, 120), answered_at = n.at,
                            estimate_after = n.at
                        FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::int[], $5::boolean[], $6::text[],
                                    $7::timestamptz[])
                             AS n (tenant_id, vshard, subscription_id, incident, meant, answered_by, at)
                        WHERE a.tenant_id = n.tenant_id AND a.vshard = n.vshard
                          AND a.subscription_id = n.subscription_id AND a.incident = n.incident
                        """).execute(columns).mapEmpty();
    }

    private static List<Event> opened(List<AlarmReport> reports, RowSet<Row> rows) {
        Set<Long> cases = new HashSet<>();
        rows.forEach(row -> cases.add(row.getLong("id")));
        return reports.stream()
                .filter(report -> cases.contains(report.caseId()))
                .map(report -> CaseEvents.opened(
                        report.tenantId(),
                        report.caseId(),
                        report.subscriptionId(),
                        report.alarm().kind().word(),
                        report.at()))
                .toList();
    }

    private static Tuple columns(List<AlarmReport> reports) {
        Tuple columns = Tuple.tuple();
        columns.addValue(reports.stream().map(AlarmReport::tenantId).toArray(Integer[]::new));
        columns.addValue(reports.stream()
                .map(report -> Ids.shardOf(report.subscriptionId()))
                .toArray(Short[]::new));
        columns.addValue(reports.stream().map(AlarmReport::alarmId).toArray(Long[]::new));
        columns.addValue(reports.stream().map(AlarmReport::caseId).toArray(Long[]::new));
        columns.addValue(reports.stream().map(AlarmReport::subscriptionId).toArray(Long[]::new));
        columns.addValue(reports.stream().map(AlarmStore::json).toArray(JsonObject[]::new));
        columns.addValue(reports.stream()
                .map(report -> Instant.ofEpochSecond(report.alarm().sinceEpochSeconds())
                        .atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
        columns.addValue(reports.stream()
                .map(report -> report.at().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
        columns.addValue(DETECTOR);
        columns.addValue(HOLDING.toArray(String[]::new));
        return columns;
    }

    private static JsonObject json(AlarmReport report) {
        Verdict.Alarm alarm = report.alarm();
        JsonArray reasons = new JsonArray();
        alarm.reasons()
                .forEach(reason -> reasons.add(new JsonObject()
                        .put("feature", reason.feature())
                        .put("weight", reason.weight())
                        .put("key", reason.key())));
        return new JsonObject()
                .put("incident", alarm.incidentId())
                .put("kind", alarm.kind().word())
                .put("category", alarm.category().word())
                .put("zone", alarm.zone())
                .put("expectedLow", alarm.expectedBytes().lowBytes())
                .put("expectedHigh", alarm.expectedBytes().highBytes())
                .put("observed", alarm.observedBytes())
                .put("atStake", alarm.bytesAtStake())
                .put("reasons", reasons)
                .put("score", alarm.score())
                .put("confidence", alarm.confidence())
                .put("action", report.action())
                .put("recent", new JsonObject(new HashMap<>(report.recent())));
    }
}

package dev.octroi.support;

import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads cases for resellers. All methods run within the caller's tenant transaction. */
public final class CaseSummaryStore {
    private static final String SUMMARY = """
            SELECT c.id, c.subscription_id, c.state, c.summary, c.resolution, c.reason, c.credit_bytes, c.opened_at,
                c.resolved_at, to_jsonb(a) AS alarm, a.since, s.language, s.time_zone
            FROM support_case c
            LEFT JOIN alarm a
                ON a.tenant_id = c.tenant_id AND a.vshard = c.vshard AND a.id = c.alarm_id
            LEFT JOIN subscription s
                ON s.tenant_id = c.tenant_id AND s.vshard = c.vshard AND s.id = c.subscription_id
            """;

    /**
     * Newest first, of those older than {@code beforeId}.
     *
     * @param state empty: in any
     * @param subscriptionId 0: of all
     */
    public Future<List<CaseSummary>> list(
            SqlConnection connection, int tenantId, String state, long subscriptionId, long beforeId, int limit) {
        Tuple values = Tuple.of(tenantId, beforeId, state, limit);
        return connection
                .preparedQuery(SUMMARY + """
                WHERE c.tenant_id = $1 AND c.id < $2 AND ($3::text = '' OR c.state = $3) %s
                ORDER BY c.id DESC LIMIT $4::int
                """.formatted(CaseStore.ofSubscription(subscriptionId, "c", values)))
                .execute(values)
                .map(rows -> ArrayColumns.list(rows, CaseSummaryStore::summary));
    }

    /** One case. */
    public Future<Optional<CaseSummary>> find(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery(SUMMARY + """
                        WHERE c.tenant_id = $1 AND c.vshard = $2 AND c.id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(summary(rows.iterator().next())));
    }

    private static CaseSummary summary(Row row) {
        OffsetDateTime resolvedAt = row.getOffsetDateTime("resolved_at");
        JsonObject alarm = row.getJsonObject("alarm");
        return new CaseSummary(
                row.getLong("id"),
                row.getLong("subscription_id"),
                row.getString("state"),
                alarm == null ? "question" : alarm.getString("kind"),
                alarm == null || !row.getString("summary").isEmpty() ? row.getString("summary") : sentence(row, alarm),
                row.getString("resolution"),
                resolvedAt == null ? null : row.getString("reason"),
                row.getLong("credit_bytes"),
                alarm == null ? 0 : alarm.getLong("saved_bytes", 0L),
                row.getOffsetDateTime("opened_at").toInstant(),
                resolvedAt == null ? null : resolvedAt.toInstant());
    }

    /** What the alarm says, in the traveller's language and time. */
    private static String sentence(Row row, JsonObject alarm) {
        Instant since = row.getOffsetDateTime("since").toInstant();
        String language = row.getString("language");
        String zone = row.getString("time_zone");
        return Finding.sentence(
                alarm(alarm, since),
                Locale.of(language == null ? "en" : language),
                ZoneId.of(zone == null ? "UTC" : zone).getRules().getOffset(since));
    }

    private static Alarm alarm(JsonObject json, Instant since) {
        return new Alarm(
                json.getInteger("tenant_id"),
                json.getLong("id"),
                json.getLong("subscription_id"),
                json.getInteger("incident"),
                json.getString("kind"),
                json.getString("category"),
                json.getString("zone"),
                since,
                json.getLong("expected_low_bytes"),
                json.getLong("expected_high_bytes"),
                json.getLong("observed_bytes"),
                json.getLong("at_stake_bytes"),
                json.getLong("saved_bytes", 0L),
                json.getJsonArray("reasons"),
                json.getDouble("score"),
                json.getDouble("confidence"),
                json.getString("state"),
                json.getString("action", ""),
                Optional.ofNullable(json.getBoolean("meant")),
                new JsonObject(),
                since,
                since,
                OptionalLong.empty());
    }
}

package dev.octroi.quota;

import dev.octroi.db.Ids;
import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Delivery;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.quota.account.UsageSplit;
import dev.octroi.quota.account.Windows;
import dev.octroi.quota.decide.Forecaster;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what surrounds an account: delivery, hours, decisions. */
public final class AccountReadStore {
    /** Most points of use that are read at once. */
    public static final int MAX_POINTS = 20_000;

    Future<Optional<AccountKey>> bySubscription(SqlClient connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery("""
                        SELECT id FROM account WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3
                        """)
                .execute(Tuple.of(Ids.shardOf(subscriptionId), tenantId, subscriptionId))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(new AccountKey(tenantId, row.getLong(0)));
                    }
                    return Optional.empty();
                });
    }

    Future<@Nullable Delivery> delivery(SqlClient connection, AccountKey key) {
        return connection.preparedQuery("""
                        SELECT desired_version, desired_at, sent_version, confirmed_version, confirmed_at, last_error
                        FROM policy_state
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3
                        """).execute(tuple(key)).map(rows -> {
            for (Row row : rows) {
                return new Delivery(
                        row.getLong(0),
                        row.getOffsetDateTime(1).toInstant(),
                        row.getLong(2),
                        row.getLong(3),
                        TimeRows.read(row.getOffsetDateTime(4)),
                        row.getString(5));
            }
            return null;
        });
    }

    /**
     * Sums of hours over accounts, zones, categories and networks, oldest first; at most 32 days of them.
     *
     * @param keys one to 16 accounts of one tenant
     */
    Future<List<Forecaster.Hour>> hours(SqlClient connection, Collection<AccountKey> keys, Instant from) {
        return connection
                .preparedQuery("""
                        SELECT hour, sum(up_bytes + down_bytes)::bigint FROM usage_by_hour
                        WHERE vshard = ANY ($1) AND tenant_id = $2 AND account_id = ANY ($3) AND hour >= $4
                        GROUP BY hour ORDER BY hour LIMIT 768
                        """)
                .execute(Tuple.of(
                        keys.stream().map(AccountKey::vshard).distinct().toArray(Short[]::new),
                        keys.iterator().next().tenantId(),
                        keys.stream().map(AccountKey::accountId).toArray(Long[]::new),
                        TimeRows.write(from)))
                .map(rows -> {
                    List<Forecaster.Hour> hours = new ArrayList<>();
                    for (Row row : rows) {
                        hours.add(new Forecaster.Hour(row.getOffsetDateTime(0).toInstant(), row.getLong(1)));
                    }
                    return hours;
                });
    }

    /** At most {@link #MAX_POINTS} and one: then there are more. */
    public Future<List<UsagePoint>> byHour(
            SqlClient connection, AccountKey key, Instant from, Instant to, UsageSplit split) {
        return connection
                .preparedQuery("""
                        SELECT hour, CASE WHEN $6 THEN zone ELSE '' END, CASE WHEN $7 THEN category ELSE '' END,
                               CASE WHEN $8 THEN plmn ELSE '' END, sum(up_bytes)::bigint, sum(down_bytes)::bigint
                        FROM usage_by_hour
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND hour >= $4 AND hour < $5
                        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT 20001
                        """)
                .execute(split(tuple(key).addValue(TimeRows.write(from)).addValue(TimeRows.write(to)), split))
                .map(rows -> {
                    List<UsagePoint> points = new ArrayList<>();
                    for (Row row : rows) {
                        Instant hour = row.getOffsetDateTime(0).toInstant();
                        points.add(new UsagePoint(
                                hour,
                                hour.plus(1, ChronoUnit.HOURS),
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4),
                                row.getLong(5)));
                    }
                    return points;
                });
    }

    /** As {@link #byHour}, in days that begin with the hour of UTC in which midnight of a zone lies. */
    Future<List<UsagePoint>> byDay(
            SqlClient connection, AccountKey key, Instant from, Instant to, UsageSplit split, String zone) {
        return connection
                .preparedQuery("""
                        SELECT date_trunc('day', hour, $9) AS day, CASE WHEN $6 THEN zone ELSE '' END,
                               CASE WHEN $7 THEN category ELSE '' END, CASE WHEN $8 THEN plmn ELSE '' END,
                               sum(up_bytes)::bigint, sum(down_bytes)::bigint
                        FROM usage_by_hour
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND hour >= $4 AND hour < $5
                        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT 20001
                        """)
                .execute(split(tuple(key).addValue(TimeRows.write(from)).addValue(TimeRows.write(to)), split)
                        .addValue(zone))
                .map(rows -> {
                    List<UsagePoint> points = new ArrayList<>();
                    for (Row row : rows) {
                        Instant day = row.getOffsetDateTime(0).toInstant();
                        points.add(new UsagePoint(
                                day,
                                Windows.end(Rule.Window.DAY, day, ZoneId.of(zone)),
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4),
                                row.getLong(5)));
                    }
                    return points;
                });
    }

    /** The last decisions before a moment, newest first. */
    Future<List<DecisionView>> decisions(SqlClient connection, AccountKey key, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        SELECT version, decided_at, level, down_kbps, up_kbps, reason, restriction_id, until_kind,
                               until_at, inputs, blocked_categories
                        FROM decision
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND decided_at < $4
                        ORDER BY version DESC LIMIT $5
                        """)
                .execute(tuple(key).addValue(TimeRows.write(before)).addValue(limit))
                .map(AccountReadStore::decisions);
    }

    /** The decision in force at a moment; empty before the first. */
    Future<Optional<DecisionView>> decisionAt(SqlClient connection, AccountKey key, Instant at) {
        return connection
                .preparedQuery("""
                        SELECT version, decided_at, level, down_kbps, up_kbps, reason, restriction_id, until_kind,
                               until_at, inputs, blocked_categories
                        FROM decision
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND decided_at <= $4
                        ORDER BY version DESC LIMIT 1
                        """)
                .execute(tuple(key).addValue(TimeRows.write(at)))
                .map(rows -> decisions(rows).stream().findFirst());
    }

    private static List<DecisionView> decisions(RowSet<Row> rows) {
        List<DecisionView> decisions = new ArrayList<>();
        for (Row row : rows) {
            Integer down = row.getInteger("down_kbps");
            Integer up = row.getInteger("up_kbps");
            decisions.add(new DecisionView(
                    new Policy(
                            Level.valueOf(row.getString("level")),
                            down == null || up == null ? null : new Speed(down, up),
                            row.getString("reason"),
                            row.getString("restriction_id"),
                            PolicyRows.until(
                                    row.getString("until_kind"), TimeRows.read(row.getOffsetDateTime("until_at"))),
                            row.getLong("version"),
                            PolicyRows.blockedCategories(row)),
                    row.getOffsetDateTime("decided_at").toInstant(),
                    row.getJsonObject("inputs")));
        }
        return decisions;
    }

    private static Tuple split(Tuple tuple, UsageSplit split) {
        return tuple.addValue(split.byZone()).addValue(split.byCategory()).addValue(split.byNetwork());
    }

    private static Tuple tuple(AccountKey key) {
        return Tuple.of(key.vshard(), key.tenantId(), key.accountId());
    }
}

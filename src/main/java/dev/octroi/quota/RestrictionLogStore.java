package dev.octroi.quota;

import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Effect;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps when restrictions began and ended. */
final class RestrictionLogStore {
    /** More causes than an account can have at once: three owners' rules with all their categories, and the plan's. */
    private static final int MAX_HELD = 2_000;

    Future<Void> write(SqlConnection connection, List<Sink.Addressed<Effect.RestrictionMoved>> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Sink.Addressed<Effect.RestrictionMoved>> columns = new Columns<>(rows, Sink.Addressed::key)
                .times(row -> row.effect().at())
                .texts(row -> row.effect().id())
                .column(Boolean[]::new, row -> row.effect().restriction() != null)
                .texts(row -> of(row, each -> each.restrictionClass().name()))
                .texts(row -> of(row, Restriction::reasonCode))
                .texts(row -> of(row, each -> each.level().name()))
                .ints(row -> of(row, each -> PolicyRows.downKbps(each.speed())))
                .ints(row -> of(row, each -> PolicyRows.upKbps(each.speed())))
                .texts(row -> of(row, Restriction::ruleId))
                .longs(row -> row.effect().ruleVersion())
                .texts(row -> of(row, Restriction::zoneId))
                .texts(row -> of(row, Restriction::category))
                .times(row -> of(row, Restriction::from))
                .texts(row -> of(row, each -> each.until().word()))
                .times(row -> of(row, each -> each.until().moment()))
                .texts(row -> new JsonObject(new HashMap<>(row.effect().inputs())).encode());
        return connection.preparedQuery("""
                        INSERT INTO restriction_log (vshard, tenant_id, account_id, at, id, held, class, reason, level,
                                                     down_kbps, up_kbps, rule_id, rule_version, zone_id, category,
                                                     from_at, until_kind, until_at, inputs)
                        SELECT vshard, tenant_id, account_id, at, id, held, class, reason, level, down_kbps, up_kbps,
                               rule_id, rule_version, zone_id, category, from_at, until_kind, until_at, inputs::jsonb
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::timestamptz[], $5::text[], $6::boolean[],
                                    $7::text[], $8::text[], $9::text[], $10::int[], $11::int[], $12::text[],
                                    $13::bigint[], $14::text[], $15::text[], $16::timestamptz[], $17::text[],
                                    $18::timestamptz[], $19::text[])
                             AS r (vshard, tenant_id, account_id, at, id, held, class, reason, level, down_kbps, up_kbps,
                                   rule_id, rule_version, zone_id, category, from_at, until_kind, until_at, inputs)
                        """).execute(columns.tuple()).mapEmpty();
    }

    /**
     * Forgets what lies before a moment, of all tenants, but the last beginning of what held at it. An end goes after all
     * beginnings before it have gone: whatever is left after a piece, what ended never seems to hold still.
     *
     * @param limit most rows, 1 to 10,000
     * @return how many went
     */
    Future<Integer> forget(SqlConnection connection, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM restriction_log
                        WHERE (vshard, tenant_id, account_id, at, seq) IN (
                          SELECT old.vshard, old.tenant_id, old.account_id, old.at, old.seq
                          FROM restriction_log old
                          WHERE old.at < $1
                            AND CASE WHEN old.held THEN EXISTS (
                                SELECT 1 FROM restriction_log newer
                                WHERE newer.vshard = old.vshard AND newer.tenant_id = old.tenant_id
                                  AND newer.account_id = old.account_id AND newer.id = old.id
                                  AND newer.at < $1 AND (newer.at, newer.seq) > (old.at, old.seq))
                              ELSE NOT EXISTS (
                                SELECT 1 FROM restriction_log begun
                                WHERE begun.vshard = old.vshard AND begun.tenant_id = old.tenant_id
                                  AND begun.account_id = old.account_id AND begun.id = old.id AND begun.held
                                  AND (begun.at, begun.seq) < (old.at, old.seq))
                              END
                          LIMIT $2)
                        """)
                .execute(Tuple.of(TimeRows.write(before), limit))
                .map(rows -> rows.rowCount());
    }

    /** What the log says of each restriction at a moment, by id; empty: it had ended. */
    Future<Map<String, Optional<Explanation.Held>>> at(SqlClient connection, AccountKey key, Instant at) {
        return connection
                .preparedQuery("""
                        SELECT DISTINCT ON (id) id, held, class, reason, level, down_kbps, up_kbps, rule_id, rule_version,
                               zone_id, category, from_at, until_kind, until_at, inputs
                        FROM restriction_log
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND at <= $4
                        ORDER BY id, at DESC, seq DESC LIMIT $5
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId(), TimeRows.write(at), MAX_HELD))
                .map(rows -> {
                    Map<String, Optional<Explanation.Held>> found = new HashMap<>();
                    for (Row row : rows) {
                        found.put(
                                row.getString("id"),
                                row.getBoolean("held") ? Optional.of(held(row)) : Optional.empty());
                    }
                    return found;
                });
    }

    private static Explanation.Held held(Row row) {
        Integer down = row.getInteger("down_kbps");
        Integer up = row.getInteger("up_kbps");
        Restriction restriction = new Restriction(
                row.getString("id"),
                RestrictionClass.valueOf(row.getString("class")),
                row.getString("reason"),
                Level.valueOf(row.getString("level")),
                down == null || up == null ? null : new Speed(down, up),
                row.getString("rule_id"),
                row.getString("zone_id"),
                row.getString("category"),
                row.getOffsetDateTime("from_at").toInstant(),
                PolicyRows.until(row.getString("until_kind"), TimeRows.read(row.getOffsetDateTime("until_at"))));
        return new Explanation.Held(restriction, row.getLong("rule_version"), row.getJsonObject("inputs"));
    }

    private static <T> @Nullable T of(
            Sink.Addressed<Effect.RestrictionMoved> row, Function<Restriction, ? extends @Nullable T> member) {
        Restriction restriction = row.effect().restriction();
        return restriction == null ? null : member.apply(restriction);
    }
}

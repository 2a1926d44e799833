package dev.octroi.rollout;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A change as a row of the database. */
final class ChangeRows {
    private ChangeRows() {}

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Person undoneBy(Row row) {
        String subject = row.getString("undone_by");
        // Nobody but the operator undoes the operator's, of which rows of before do not say so.
        boolean ofOperator = row.getBoolean("undone_by_operator") || row.getBoolean("of_operator");
        return subject == null ? null : new Person(subject, row.getString("undone_token"), ofOperator);
    }

    static Optional<PolicyChange> first(RowSet<Row> rows) {
        return all(rows).stream().findFirst();
    }

    static List<PolicyChange> all(RowSet<Row> rows) {
        List<PolicyChange> found = new ArrayList<>();
        rows.forEach(row -> found.add(change(row)));
        return found;
    }

    private static PolicyChange change(Row row) {
        return new PolicyChange(
                row.getInteger("tenant_id"),
                row.getLong("id"),
                row.getLong("version"),
                new Rollout(
                        ChangeState.of(row.getString("state")),
                        row.getInteger("step"),
                        instant(row, "step_done_at"),
                        instant(row, "expires_at"),
                        row.getString("stop_reason")),
                new RolloutPlan(
                        row.getInteger("total"),
                        ChangeJson.readSteps(row.get(JsonArray.class, "steps").encode()),
                        new StopWhen(row.getInteger("restricted_percent"), row.getInteger("undelivered_percent"))),
                ChangeJson.readAct(row.get(JsonObject.class, "act").encode()),
                ChangeJson.readTarget(row.get(JsonObject.class, "target").encode()),
                row.getString("reason"),
                row.getString("proposed_by"),
                row.getString("proposed_token"),
                row.getOffsetDateTime("proposed_at").toInstant(),
                row.getBoolean("of_operator"),
                row.getString("decided_by"),
                instant(row, "decided_at"),
                undoneBy(row),
                instant(row, "ended_at"));
    }
}

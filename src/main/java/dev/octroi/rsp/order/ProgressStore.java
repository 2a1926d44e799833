package dev.octroi.rsp.order;

import dev.octroi.db.Ids;
import dev.octroi.rsp.session.DeviceFacts;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The timeline of profiles. */
public final class ProgressStore {
    private static final int MAX_STEPS = 200;

    /**
     * One step as it is shown.
     *
     * @param no its number, from 1
     * @param at when
     * @param step what happened
     * @param refusal why it failed; null when it succeeded
     * @param note why it was done, when a person did it; or null
     * @param device what card and device said of themselves: tac, firmware, specVersion, freeMemoryBytes; or null
     * @param attempt downloads so far in that life of the profile
     */
    public record Entry(
            int no,
            Instant at,
            ProfileStep step,
            @Nullable GsmaStatus refusal,
            @Nullable String note,
            @Nullable JsonObject device,
            int attempt) {}

    Future<Void> insert(SqlConnection connection, ProfileChange change) {
        Tuple columns = Tuple.of(change.tenantId(), Ids.shardOf(change.profileId()), change.profileId(), change.no());
        step(columns, change);
        return connection.preparedQuery("""
                        INSERT INTO rsp_progress (tenant_id, vshard, profile_id, no, at, step, ok, subject_code,
                            reason_code, message, device, detail, attempt, actor)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                        """).execute(columns).mapEmpty();
    }

    /** Adds the ten columns that say what happened: from {@code at} to {@code actor}. */
    static void step(Tuple columns, ProfileChange change) {
        GsmaStatus refusal = change.refusal();
        ProfileChange.Note note = change.note();
        columns.addOffsetDateTime(change.at().atOffset(ZoneOffset.UTC))
                .addString(change.step().text())
                .addBoolean(change.ok())
                .addString(refusal == null ? null : refusal.subjectCode())
                .addString(refusal == null ? null : refusal.reasonCode())
                .addString(refusal == null ? (note == null ? null : note.reason()) : refusal.message())
                .addValue(change.device() == null ? null : json(change.device()))
                .addString(refusal == null ? null : refusal.detail())
                .addInteger(change.attempts())
                .addString(note == null ? null : note.actor());
    }

    /** The last 200 steps of a profile, the oldest first. */
    public Future<List<Entry>> timeline(SqlClient client, int tenantId, long profileId) {
        return client.preparedQuery("""
                        SELECT no, at, step, ok, subject_code, reason_code, message, device, detail, attempt FROM (
                            SELECT * FROM rsp_progress WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3
                            ORDER BY no DESC LIMIT $4) AS latest
                        ORDER BY no
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(profileId), profileId, MAX_STEPS))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ProgressStore::entry)
                        .toList());
    }

    private static Entry entry(Row row) {
        boolean ok = row.getBoolean("ok");
        return new Entry(
                row.getInteger("no"),
                row.getOffsetDateTime("at").toInstant(),
                ProfileStep.of(row.getString("step")),
                ok
                        ? null
                        : new GsmaStatus(
                                row.getString("subject_code"),
                                row.getString("reason_code"),
                                row.getString("message"),
                                row.getString("detail")),
                ok ? row.getString("message") : null,
                row.getJsonObject("device"),
                row.getInteger("attempt"));
    }

    private static JsonObject json(DeviceFacts facts) {
        JsonObject device = new JsonObject()
                .put("specVersion", facts.specVersion())
                .put("firmware", facts.firmware())
                .put("tac", facts.tac());
        facts.freeMemoryBytes().ifPresent(bytes -> device.put("freeMemoryBytes", bytes));
        return device;
    }
}

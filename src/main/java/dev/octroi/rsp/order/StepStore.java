package dev.octroi.rsp.order;

import dev.octroi.callback.Outbox;
import dev.octroi.callback.OutboxRow;
import dev.octroi.callback.Stream;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes one step of a profile as one statement: its status over the version that was read, the timeline, what the operator
 * hears, and what belongs to the step. All of it or, when the profile or its session went on meanwhile, nothing: whatever
 * is written takes its rows from the profile's own update. One statement needs no transaction around it.
 */
final class StepStore {
    /** Placeholders of the step itself; those of what belongs to it follow. */
    private static final int OWN = 31;

    private static final int MAIL = 3;
    private static final Pattern PLACE = Pattern.compile(":(\\d+)");

    private static final String STEP = """
            WITH step AS (
                UPDATE profile SET state = $5, card_state = $6, error_cause = $7, error_detail = $8,
                    eid_sealed = $9, eid_idx = $10, eid_reserved = $11, downloads = $12, confirmations = $13,
                    bound_key = $14, bound_transaction = $15, card_curve = $16, card_key = $17,
                    last_sequence = $18, progress_no = $19, updated_at = $20, failed_installs = $21,
                    version = version + 1
                WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND version = $4{unless}
                RETURNING tenant_id, vshard, id),
            timeline AS (
                INSERT INTO rsp_progress (tenant_id, vshard, profile_id, no, at, step, ok, subject_code,
                    reason_code, message, device, detail, attempt, actor)
                SELECT tenant_id, vshard, id, $19::int, $22::timestamptz, $23::text, $24::boolean, $25::text,
                    $26::text, $27::text, $28::jsonb, $29::text, $30::int, $31::text
                FROM step)""";

    private static final String LETTER = """
            ,
            letter AS (
                SELECT tenant_id, vshard, :1::bigint AS id, '{stream}' AS stream, :2::bigint AS endpoint_id, id AS key,
                    $19::bigint AS version, :3::jsonb AS payload, $22::timestamptz AS created_at
                FROM step),
            told AS (
                {insertion} RETURNING 1)""";

    private static final String RESULT = """

            SELECT EXISTS (SELECT FROM step) AS written, {told} AS told, {closed} AS closed
            """;

    /** Who hears of a step. */
    private enum Mail {
        NOBODY,
        WHOEVER_IS_THERE,
        OPERATOR
    }

    /** What belongs to a kind of step, and under what condition nothing at all is written. */
    static final class Shape {
        /** The step alone. */
        static final Shape ALONE = new Shape("");

        private final Map<Mail, String> statements = new EnumMap<>(Mail.class);
        private final boolean isOnce;

        /**
         * @param unless a condition with placeholders {@code :1}, {@code :2} and so on, or empty
         * @param effects data-modifying statements that take their rows from {@code step}
         */
        Shape(String unless, String... effects) {
            isOnce = !unless.isEmpty();
            for (Mail mail : Mail.values()) {
                statements.put(mail, statement(mail, unless, effects));
            }
        }

        private static String statement(Mail mail, String unless, String[] effects) {
            int used = OWN + (mail == Mail.NOBODY ? 0 : MAIL);
            boolean isOnce = !unless.isEmpty();
            String condition = placed(unless, used);
            StringBuilder sql = new StringBuilder(STEP.replace("{unless}", isOnce ? " AND NOT " + condition : ""));
            if (mail != Mail.NOBODY) {
                String insertion = Outbox.insertion("letter", mail == Mail.WHOEVER_IS_THERE);
                sql.append(placed(
                        LETTER.replace("{stream}", Stream.ES2.sqlName()).replace("{insertion}", insertion), OWN));
            }
            for (int i = 0; i < effects.length; i++) {
                sql.append(",\neffect_")
                        .append(i + 1)
                        .append(" AS (\n")
                        .append(placed(effects[i], used))
                        .append(')');
            }
            return sql.append(RESULT.replace("{told}", mail == Mail.NOBODY ? "false" : "EXISTS (SELECT FROM told)")
                            .replace("{closed}", isOnce ? condition : "false"))
                    .toString();
        }

        /** Whether what belongs to it is done once: a key that exists says that it was. */
        boolean isOnce() {
            return isOnce;
        }

        private static String placed(String sql, int used) {
            return PLACE.matcher(sql).replaceAll(found -> "\\$" + (used + Integer.parseInt(found.group(1))));
        }
    }

    /**
     * What belongs to one step.
     *
     * @param values of the placeholders of the shape
     */
    record Also(Shape shape, Tuple values) {
        /** Nothing. */
        static Also nothing() {
            return new Also(Shape.ALONE, Tuple.tuple());
        }
    }

    /**
     * What became of a step.
     *
     * @param done whether it was written; else nothing was
     * @param told whether it left something to be sent
     * @param closed whether the condition of its shape forbade it
     */
    record Written(boolean done, boolean told, boolean closed) {}

    /**
     * Writes a step.
     *
     * @param mail what the operator is to hear, or null
     * @param onlyHeard whether what names no operator is left out while none is registered
     */
    Future<Written> write(
            SqlClient client,
            ProfileRow read,
            ProfileStatus next,
            ProfileChange change,
            Instant now,
            @Nullable OutboxRow mail,
            boolean onlyHeard,
            Also also) {
        Tuple columns = status(read, next, now);
        ProgressStore.step(columns, change);
        if (mail != null) {
            columns.addLong(mail.id()).addLong(mail.endpointId()).addJsonObject(mail.payload());
        }
        for (int i = 0; i < also.values().size(); i++) {
            columns.addValue(also.values().getValue(i));
        }
        Mail kind = mail == null ? Mail.NOBODY : onlyHeard ? Mail.WHOEVER_IS_THERE : Mail.OPERATOR;
        return client.preparedQuery(also.shape().statements.get(kind))
                .execute(columns)
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Written(row.getBoolean("written"), row.getBoolean("told"), row.getBoolean("closed"));
                });
    }

    private static Tuple status(ProfileRow read, ProfileStatus next, Instant now) {
        ProfileStatus.CardReference card = next.card();
        ProfileStatus.BindingReference binding = next.binding();
        ErrorCause cause = next.errorCause();
        return Tuple.of(read.tenantId(), Ids.shardOf(read.id()), read.id(), read.version())
                .addString(next.state().text())
                .addString(next.presence().text())
                .addString(cause == null ? null : cause.text())
                .addString(next.errorDetail())
                .addBuffer(card == null ? null : Buffer.buffer(card.sealed()))
                .addBuffer(card == null ? null : Buffer.buffer(card.indexBytes()))
                .addBoolean(card != null && card.reserved())
                .addInteger(next.downloads())
                .addInteger(next.confirmations())
                .addBuffer(binding == null ? null : Buffer.buffer(binding.oneTimeKey()))
                .addBuffer(
                        binding == null
                                ? null
                                : Buffer.buffer(binding.transactionId().bytes()))
                .addString(binding == null ? null : binding.cardCurve())
                .addBuffer(binding == null ? null : Buffer.buffer(binding.cardKey()))
                .addLong(next.lastSequence())
                .addInteger(next.progressNo())
                .addOffsetDateTime(ProfileColumns.time(now))
                .addInteger(next.life().failedInstalls());
    }
}

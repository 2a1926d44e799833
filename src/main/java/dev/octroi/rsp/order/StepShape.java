package dev.octroi.rsp.order;

import dev.octroi.callback.outbox.Outbox;
import dev.octroi.callback.outbox.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of step as statements: the profile's status over the version that was read, the timeline, what the operator hears,
 * and what belongs to this kind. Whatever is written takes its rows from the profile's own update ({@code step}): when
 * the profile or its session went on meanwhile, nothing of that step is written.
 *
 * <p>What belongs to a kind names its values as {@code :1::bytea}, {@code :2::int} and so on.
 */
final class StepShape {
    private static final Pattern PLACE = Pattern.compile(":(\\d+)::(\\w+)");

    private static final String STEP = """
            WITH asked AS (
                {asked}),
            step AS (
                UPDATE profile AS p SET state = asked.state, card_state = asked.card_state,
                    error_cause = asked.error_cause, error_detail = asked.error_detail,
                    -- The same card needs no other bytes: those that were read may be sealed with a key that is gone by now.
                    eid_sealed = CASE WHEN p.eid_idx = asked.eid_idx THEN p.eid_sealed ELSE asked.eid_sealed END,
                    eid_idx = asked.eid_idx, eid_reserved = asked.eid_reserved, downloads = asked.downloads,
                    confirmations = asked.confirmations, bound_key = asked.bound_key,
                    bound_transaction = asked.bound_transaction, card_curve = asked.card_curve,
                    card_key = asked.card_key, last_sequence = asked.last_sequence, progress_no = asked.progress_no,
                    updated_at = asked.updated_at, failed_installs = asked.failed_installs, version = p.version + 1
                FROM asked
                WHERE p.tenant_id = asked.tenant_id AND p.vshard = asked.vshard AND p.id = asked.id
                    AND p.version = asked.version{unless}
                RETURNING asked.*),
            timeline AS (
                INSERT INTO rsp_progress (tenant_id, vshard, profile_id, no, at, step, ok, subject_code,
                    reason_code, message, device, detail, attempt, actor)
                SELECT tenant_id, vshard, id, progress_no, at, happened, ok, subject_code, reason_code, message, device,
                    detail, attempt, actor
                FROM step),
            letter AS (
                SELECT tenant_id, vshard, letter_id AS id, '{stream}' AS stream, endpoint_id, id AS key,
                    progress_no::bigint AS version, payload, at AS created_at
                FROM step WHERE letter_id IS NOT NULL),
            told AS (
                {insertion} RETURNING key)""";

    private static final String RESULT = """

            SELECT step.n IS NOT NULL AS written, told.key IS NOT NULL AS told, {closed} AS closed
            FROM asked
            LEFT JOIN step ON step.n = asked.n
            LEFT JOIN told ON told.key = step.id
            ORDER BY asked.n
            """;

    /** The step alone. */
    static final StepShape ALONE = new StepShape("");

    private final StepColumns columns;
    private final boolean isOnce;
    private final Texts forAll;
    private final Texts forTheHeard;

    /** The statement of one step, and that of several. */
    private record Texts(String one, String many) {}

    /**
     * @param unless a condition under which nothing at all is written, or empty
     * @param effects data-modifying statements that take their rows from {@code step}
     */
    StepShape(String unless, String... effects) {
        this.columns = new StepColumns(types(unless, effects));
        this.isOnce = !unless.isEmpty();
        this.forAll = texts(unless, List.of(effects), false);
        this.forTheHeard = texts(unless, List.of(effects), true);
    }

    private Texts texts(String unless, List<String> effects, boolean onlyHeard) {
        String text = text(unless, effects, onlyHeard);
        return new Texts(text.replace("{asked}", columns.one()), text.replace("{asked}", columns.many()));
    }

    private static String text(String unless, List<String> effects, boolean onlyHeard) {
        String condition = placed(unless, "asked");
        StringBuilder sql = new StringBuilder(STEP.replace("{unless}", unless.isEmpty() ? "" : " AND NOT " + condition)
                .replace("{stream}", Stream.ES2.sqlName())
                .replace("{insertion}", Outbox.insertion("letter", onlyHeard)));
        for (int i = 0; i < effects.size(); i++) {
            sql.append(",\neffect_").append(i + 1).append(" AS (\n");
            sql.append(placed(effects.get(i), "step")).append(')');
        }
        return sql.append(RESULT.replace("{closed}", unless.isEmpty() ? "false" : "step.n IS NULL AND " + condition))
                .toString();
    }

    /**
     * The statement.
     *
     * @param isSingle whether it is for one step
     * @param onlyHeard whether what names no operator is left out while none is registered
     */
    String text(boolean isSingle, boolean onlyHeard) {
        Texts texts = onlyHeard ? forTheHeard : forAll;
        return isSingle ? texts.one : texts.many;
    }

    StepColumns columns() {
        return columns;
    }

    /** Whether what belongs to it is done once: a key that exists says that it was. */
    boolean isOnce() {
        return isOnce;
    }

    private static String placed(String sql, String relation) {
        return PLACE.matcher(sql).replaceAll(found -> relation + ".x" + found.group(1));
    }

    /** The types of the values in the order of their numbers. */
    private static List<String> types(String unless, String... effects) {
        TreeMap<Integer, String> types = new TreeMap<>();
        Matcher found = PLACE.matcher(unless + "\n" + String.join("\n", effects));
        while (found.find()) {
            types.put(Integer.valueOf(found.group(1)), found.group(2));
        }
        return new ArrayList<>(types.values());
    }
}

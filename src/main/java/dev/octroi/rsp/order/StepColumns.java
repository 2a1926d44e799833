package dev.octroi.rsp.order;

import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.db.Ids;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Array;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The values that steps are written with, as columns: those of every step, and after them those of its kind. */
final class StepColumns {
    private static final List<Column> USUAL = List.of(
            // What the profile is after it.
            new Column("tenant_id", "int"),
            new Column("vshard", "smallint"),
            new Column("id", "bigint"),
            new Column("version", "int"),
            new Column("state", "text"),
            new Column("card_state", "text"),
            new Column("error_cause", "text"),
            new Column("error_detail", "text"),
            new Column("eid_sealed", "bytea"),
            new Column("eid_idx", "bytea"),
            new Column("eid_reserved", "boolean"),
            new Column("downloads", "int"),
            new Column("confirmations", "int"),
            new Column("bound_key", "bytea"),
            new Column("bound_transaction", "bytea"),
            new Column("card_curve", "text"),
            new Column("card_key", "bytea"),
            new Column("last_sequence", "bigint"),
            new Column("progress_no", "int"),
            new Column("updated_at", "timestamptz"),
            new Column("failed_installs", "int"),
            // What the timeline says.
            new Column("at", "timestamptz"),
            new Column("happened", "text"),
            new Column("ok", "boolean"),
            new Column("subject_code", "text"),
            new Column("reason_code", "text"),
            new Column("message", "text"),
            new Column("device", "jsonb"),
            new Column("detail", "text"),
            new Column("attempt", "int"),
            new Column("actor", "text"),
            // What the operator hears, or nothing.
            new Column("letter_id", "bigint"),
            new Column("endpoint_id", "bigint"),
            new Column("payload", "jsonb"));

    /** The name of the column with the number of each step in its statement, from 1. */
    static final String NUMBER = "n";

    private final List<Column> columns;

    private record Column(String name, String type) {
        /** An array that the driver writes as one of this type. */
        Object[] array(int length) {
            Class<?> element = switch (type) {
                case "int" -> Integer.class;
                case "smallint" -> Short.class;
                case "bigint" -> Long.class;
                case "text" -> String.class;
                case "boolean" -> Boolean.class;
                case "bytea" -> Buffer.class;
                case "timestamptz" -> OffsetDateTime.class;
                case "jsonb" -> JsonObject.class;
                default -> throw new IllegalArgumentException("no column of type " + type);
            };
            return (Object[]) Array.newInstance(element, length);
        }
    }

    /** @param typesOfKind types of the columns {@code x1}, {@code x2} and so on */
    StepColumns(List<String> typesOfKind) {
        this.columns = new ArrayList<>(USUAL);
        for (int i = 0; i < typesOfKind.size(); i++) {
            columns.add(new Column("x" + (i + 1), typesOfKind.get(i)));
        }
    }

    /** A relation of one step: without arrays, for whose length the server would plan anew each time. */
    String one() {
        StringJoiner sql = new StringJoiner(", ", "SELECT 1::bigint AS " + NUMBER + ", ", "");
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            sql.add("$" + (i + 1) + "::" + column.type + " AS " + column.name);
        }
        return sql.toString();
    }

    /** A relation of several steps. */
    String many() {
        StringJoiner arrays = new StringJoiner(", ");
        StringJoiner names = new StringJoiner(", ");
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            arrays.add("$" + (i + 1) + "::" + column.type + "[]");
            names.add(column.name);
        }
        return "SELECT * FROM unnest(" + arrays + ") WITH ORDINALITY AS each (" + names + ", " + NUMBER + ")";
    }

    /** The values of {@link #one}. */
    Tuple values(StepStore.Entry step) {
        Tuple values = status(step.read(), step.next(), step.now());
        ProgressStore.step(values, step.change());
        OutboxRow mail = step.mail();
        values.addLong(mail == null ? null : mail.id())
                .addLong(mail == null ? null : mail.endpointId())
                .addValue(mail == null ? null : mail.payload());
        Tuple ofKind = step.also().values();
        for (int i = 0; i < ofKind.size(); i++) {
            values.addValue(ofKind.getValue(i));
        }
        return values;
    }

    /** The values of {@link #many}. */
    Tuple values(List<StepStore.Entry> steps) {
        Object[][] arrays =
                columns.stream().map(column -> column.array(steps.size())).toArray(Object[][]::new);
        for (int row = 0; row < steps.size(); row++) {
            Tuple values = values(steps.get(row));
            for (int i = 0; i < arrays.length; i++) {
                arrays[i][row] = values.getValue(i);
            }
        }
        Tuple all = Tuple.tuple();
        for (Object[] array : arrays) {
            all.addValue(array);
        }
        return all;
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

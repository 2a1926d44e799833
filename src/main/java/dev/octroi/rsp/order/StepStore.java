package dev.octroi.rsp.order;

import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.db.Database;
import dev.octroi.db.Gathering;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the steps of profiles. A step is one statement with all that belongs to it, and needs no transaction around it;
 * steps of the same kind that come at about the same time are one statement together, in which each is written or not for
 * itself.
 */
final class StepStore {
    private final Database database;
    private final Vertx vertx;
    private final boolean onlyHeard;

    /** One for each kind of step, of which there are a handful. */
    private final Map<StepShape, Gathering<Entry, Written>> lines = new ConcurrentHashMap<>();

    /** @param onlyHeard whether what names no operator is left out while none is registered */
    StepStore(Vertx vertx, Database database, boolean onlyHeard) {
        this.vertx = vertx;
        this.database = database;
        this.onlyHeard = onlyHeard;
    }

    /**
     * What belongs to one step.
     *
     * @param values of the places of the shape
     */
    record Also(StepShape shape, Tuple values) {
        /** Nothing. */
        static Also nothing() {
            return new Also(StepShape.ALONE, Tuple.tuple());
        }
    }

    /**
     * One step as it is written.
     *
     * @param read the profile as it was read
     * @param next its status after it
     * @param change what the timeline says of it
     * @param mail what the operator is to hear, or null
     */
    record Entry(
            ProfileRow read,
            ProfileStatus next,
            ProfileChange change,
            Instant now,
            @Nullable OutboxRow mail,
            Also also) {}

    /**
     * What became of a step.
     *
     * @param done whether it was written; else nothing was
     * @param told whether it left something to be sent
     * @param closed whether the condition of its shape forbade it
     */
    record Written(boolean done, boolean told, boolean closed) {}

    /** Writes a step, together with others where there are any. */
    Future<Written> write(Entry step) {
        return lines.computeIfAbsent(step.also().shape(), this::line).ask(step);
    }

    /** Writes a step within a transaction. */
    Future<Written> write(SqlClient client, Entry step) {
        return write(client, step.also().shape(), List.of(step)).map(List::getFirst);
    }

    private Gathering<Entry, Written> line(StepShape shape) {
        return new Gathering<>(vertx, step -> step.read().id(), steps -> write(database.keyedPool(), shape, steps));
    }

    /** Writes steps of one kind, each of another profile, in one statement; gives what became of each in their order. */
    Future<List<Written>> write(SqlClient client, StepShape shape, List<Entry> steps) {
        boolean isSingle = steps.size() == 1;
        StepColumns columns = shape.columns();
        return client.preparedQuery(shape.text(isSingle, onlyHeard))
                .execute(isSingle ? columns.values(steps.getFirst()) : columns.values(steps))
                .map(rows -> {
                    List<Written> written = new ArrayList<>(steps.size());
                    for (Row row : rows) {
                        written.add(new Written(row.getBoolean(0), row.getBoolean(1), row.getBoolean(2)));
                    }
                    return written;
                });
    }
}

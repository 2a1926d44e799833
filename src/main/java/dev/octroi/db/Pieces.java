package dev.octroi.db;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/** Removes many rows a piece at a time, each in a transaction of its own: no lock lasts, and no round goes on for ever. */
public final class Pieces {
    private Pieces() {}

    /**
     * Removes piece after piece until one is not full.
     *
     * @param remove removes one piece; how many rows those were
     * @param atOnce rows of a full piece
     * @param pieces how many at most, from 1
     * @return how many rows were removed
     */
    public static Future<Integer> remove(
            Database database, Function<SqlConnection, Future<Integer>> remove, int atOnce, int pieces) {
        return database.inWorker(remove)
                .compose(rows -> rows < atOnce || pieces <= 1
                        ? Future.succeededFuture(rows)
                        : remove(database, remove, atOnce, pieces - 1).map(more -> rows + more));
    }
}

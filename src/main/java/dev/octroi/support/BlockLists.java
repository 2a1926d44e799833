package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.drain.BlockList;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The known-bad destinations in force. Every gateway looks for a newer version each few seconds; counting reads the one in
 * memory.
 */
public final class BlockLists implements Supplier<BlockList>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BlockLists.class);

    private static final long PERIOD_MS = 5_000;

    private final Vertx vertx;
    private final Database database;
    private final BlockListStore store = new BlockListStore();

    private volatile Optional<LoadedBlockList> loaded = Optional.empty();
    private volatile long timer = -1;

    public BlockLists(Vertx vertx, Database database) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
    }

    /** Reads the newest version and begins to look for newer ones. */
    public void start() {
        refresh();
        timer = vertx.setPeriodic(PERIOD_MS, id -> refresh());
    }

    /** The list in force on this gateway. */
    @Override
    public BlockList get() {
        return loaded.map(LoadedBlockList::list).orElse(BlockList.EMPTY);
    }

    /** The newest list there is; empty before the first. */
    public Future<Optional<LoadedBlockList>> newest() {
        return store.newerThan(database.workerPool(), 0);
    }

    /**
     * Adds a version inside the caller's transaction. It holds here and elsewhere after the next look.
     *
     * @param entries at most {@link BlockList#MAX_ENTRIES} destination classes
     * @param reason 1 to 500 characters
     * @param by who loads it
     */
    public Future<LoadedBlockList> add(
            SqlConnection connection, Set<String> entries, String reason, String by, Instant at) {
        return store.add(connection, new BlockList(0, entries).destinations(), reason, by, at);
    }

    /** Takes over a newer version, if there is one. */
    public Future<Void> refresh() {
        return store.newerThan(database.workerPool(), get().version())
                .onSuccess(newer -> newer.ifPresent(list -> loaded = Optional.of(list)))
                .onFailure(failure -> log.warn("the block list was not read", failure))
                .mapEmpty();
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}

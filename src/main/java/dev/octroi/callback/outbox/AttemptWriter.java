package dev.octroi.callback.outbox;

import dev.octroi.db.Database;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts down what came of attempts, all that ended meanwhile in one transaction. Confined to the dispatcher's event loop. */
final class AttemptWriter {
    private static final Logger log = LoggerFactory.getLogger(AttemptWriter.class);
    private static final long RETRY_MS = 250;

    private final Vertx vertx;
    private final Database database;
    private final DispatchStore store;
    private final Dispatcher.Completion completion;
    private final long owner;
    private final InstantSource clock;
    private final Consumer<List<Attempt>> written;
    private final List<Attempt> ended = new ArrayList<>();
    private boolean writing;

    /** @param written hears what has been put down */
    AttemptWriter(
            Vertx vertx,
            Database database,
            DispatchStore store,
            Dispatcher.Completion completion,
            long owner,
            InstantSource clock,
            Consumer<List<Attempt>> written) {
        this.vertx = vertx;
        this.database = database;
        this.store = store;
        this.completion = completion;
        this.owner = owner;
        this.clock = clock;
        this.written = written;
    }

    void add(Attempt attempt) {
        ended.add(attempt);
        write();
    }

    boolean isIdle() {
        return !writing;
    }

    private void write() {
        if (writing || ended.isEmpty()) {
            return;
        }
        writing = true;
        List<Attempt> batch = List.copyOf(ended);
        ended.clear();
        Instant now = clock.instant();
        database.inWorker(connection -> store.complete(connection, owner, batch, now)
                        .compose(held -> completion.completed(connection, held)))
                .onComplete(done -> done(batch), failure -> {
                    log.warn("outbox cannot be written: {}", failure.getMessage());
                    // Until it can, the rows stay in flight: their leases are renewed, and nobody sends them again.
                    ended.addAll(batch);
                    writing = false;
                    vertx.setTimer(RETRY_MS, go -> write());
                });
    }

    private void done(List<Attempt> batch) {
        writing = false;
        write();
        written.accept(batch);
    }
}

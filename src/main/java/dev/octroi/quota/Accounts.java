package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The one write path for everything that changes an account. Commands of one account are decided in the order of
 * submission; the answer comes after the commit.
 */
public final class Accounts {
    private final Vertx vertx;
    private final Database database;
    private final Sinks sinks;
    private final InstantSource clock;

    public Accounts(Vertx vertx, Database database, Sinks sinks, InstantSource clock) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.sinks = requireNonNull(sinks, "sinks is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Submits a command.
     *
     * @return what became of it; fails only when the database does, and then nothing is known about it: submit again
     */
    public Future<Outcome> submit(AccountKey key, AccountCommand command) {
        requireNonNull(key, "key is null");
        requireNonNull(command, "command is null");
        return Future.failedFuture(new UnsupportedOperationException(
                "not yet: " + vertx.hashCode() + database.hashCode() + sinks.hashCode() + clock.instant()));
    }

    /** Submits many, each with an outcome of its own in the same order; at most 10,000. */
    public Future<List<Outcome>> submitAll(List<Submission> submissions) {
        List<Future<Outcome>> outcomes = new ArrayList<>(submissions.size());
        for (Submission each : submissions) {
            outcomes.add(submit(each.key(), each.command()));
        }
        return Future.all(outcomes).map(all -> all.list());
    }

    /**
     * A command for an account.
     *
     * @param key which account
     * @param command what
     */
    public record Submission(AccountKey key, AccountCommand command) {}
}

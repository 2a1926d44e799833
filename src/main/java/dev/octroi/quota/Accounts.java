package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.ClockTrust;
import dev.octroi.db.Database;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Answer;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.decide.Decider;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one write path for everything that changes an account. Commands of one account are decided in the order of
 * submission; the answer comes after the commit. Several gateways may work on one database: each account carries a
 * version, and who writes on an old one decides again.
 */
public final class Accounts {
    /** Most commands taken at once by {@link #submitAll}. */
    public static final int MAX_SUBMISSIONS = 10_000;

    /** Most parallel write paths. */
    public static final int MAX_LANES = 32;

    /** What an account takes in memory, roughly. */
    private static final int ACCOUNT_BYTES = 2_000;

    private static final int MIN_CACHED_ACCOUNTS = 10_000;
    private static final int MAX_CACHED_ACCOUNTS = 1_000_000;

    private final List<Lane> lanes;
    private final ClockTrust trust;
    private final LateUsage late = new LateUsage();

    /**
     * @param vertx the instance whose event loops the lanes run on
     * @param database where accounts are
     * @param decider what decides
     * @param sinks where consequences for other features go
     * @param clock what time it is
     * @param trust whether that may be acted on; while it may not, everything is refused as busy
     * @param laneCount parallel write paths, 1 to 32; each holds one connection while it writes
     */
    public Accounts(
            Vertx vertx,
            Database database,
            Decider decider,
            Sinks sinks,
            InstantSource clock,
            ClockTrust trust,
            int laneCount) {
        requireNonNull(vertx, "vertx is null");
        requireNonNull(database, "database is null");
        requireNonNull(decider, "decider is null");
        requireNonNull(clock, "clock is null");
        this.trust = requireNonNull(trust, "trust is null");
        if (laneCount < 1 || laneCount > MAX_LANES) {
            throw new IllegalArgumentException("1 to " + MAX_LANES + " lanes");
        }
        int cached = cachedAccounts(Runtime.getRuntime().maxMemory());
        BatchStores stores = new BatchStores(requireNonNull(sinks, "sinks is null"));
        List<Lane> made = new ArrayList<>();
        for (int i = 0; i < laneCount; i++) {
            // One event loop after the other: from a plain thread getOrCreateContext would always give the same one.
            made.add(new Lane(
                    ((VertxInternal) vertx).createEventLoopContext(),
                    database,
                    decider,
                    stores,
                    clock,
                    trust,
                    late,
                    cached / laneCount));
        }
        this.lanes = List.copyOf(made);
    }

    /** As many as fit into a third of the heap. */
    static int cachedAccounts(long heapBytes) {
        return Math.clamp(heapBytes / 3 / ACCOUNT_BYTES, MIN_CACHED_ACCOUNTS, MAX_CACHED_ACCOUNTS);
    }

    /**
     * Submits a command, from any thread.
     *
     * @return what became of it; fails only when the database does, and then nothing is known about it: submit again
     */
    public Future<Outcome> submit(AccountKey key, AccountCommand command) {
        requireNonNull(key, "key is null");
        requireNonNull(command, "command is null");
        Promise<Outcome> promise = promise();
        lane(key).submit(List.of(new Pending(key, command, Waiting.of(promise))));
        return promise.future();
    }

    /** What follows on an event loop goes on there, while the lane goes on with its next batch. */
    private static <T> Promise<T> promise() {
        return Vertx.currentContext() instanceof ContextInternal context && context.isEventLoopContext()
                ? context.promise()
                : Promise.promise();
    }

    /** Submits many, each with an outcome of its own in the same order; at most {@link #MAX_SUBMISSIONS}. */
    public Future<List<Outcome>> submitAll(List<Submission> submissions) {
        return submitEach(submissions).compose(answers -> {
            List<Outcome> outcomes = new ArrayList<>(answers.size());
            for (Answer each : answers) {
                switch (each) {
                    case Answer.Told told -> outcomes.add(told.outcome());
                    case Answer.Failed failed -> {
                        return Future.failedFuture(failed.failure());
                    }
                }
            }
            return Future.succeededFuture(outcomes);
        });
    }

    /** The same where each may fail for itself; completed when all is known, never failed. */
    public Future<List<Answer>> submitEach(List<Submission> submissions) {
        if (submissions.size() > MAX_SUBMISSIONS) {
            throw new IllegalArgumentException("at most 10,000 commands at once");
        }
        if (submissions.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Company company = new Company(submissions.size(), promise());
        Map<Lane, List<Pending>> byLane = new LinkedHashMap<>();
        for (int i = 0; i < submissions.size(); i++) {
            Submission each = submissions.get(i);
            byLane.computeIfAbsent(lane(each.key()), lane -> new ArrayList<>())
                    .add(new Pending(each.key(), each.command(), company.at(i)));
        }
        byLane.forEach(Lane::submit);
        return company.answers();
    }

    /**
     * Whether a failure of {@link #submit} is the command's own, such as a value that the database refuses, so that
     * submitting it again will hardly help; else the database or a race is to blame.
     */
    public static boolean isCommandsFault(Throwable failure) {
        return Lane.isOnesFault(failure) && !Lane.isRace(failure);
    }

    /** Whether anything is decided at a moment that this process's clock told; if not, all is refused as busy. */
    public boolean decidesAt(Instant now) {
        return trust.holds(now);
    }

    /** Records that came for a time that is closed. */
    public LateUsage late() {
        return late;
    }

    /** Commands taken and not yet answered. */
    public int waiting() {
        int waiting = 0;
        for (Lane lane : lanes) {
            waiting += lane.depth();
        }
        return waiting;
    }

    private Lane lane(AccountKey key) {
        return lanes.get(Math.floorMod(Long.hashCode(key.accountId() * 0x9E3779B97F4A7C15L), lanes.size()));
    }

    /**
     * A command for an account.
     *
     * @param key which account
     * @param command what
     */
    public record Submission(AccountKey key, AccountCommand command) {
        public Submission {
            requireNonNull(key, "key is null");
            requireNonNull(command, "command is null");
        }
    }
}

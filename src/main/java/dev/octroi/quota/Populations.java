package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.drain.DrainState;
import dev.octroi.drain.Population;
import dev.octroi.drain.PopulationLearner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The population in force at a moment. Once a week one gateway learns a new version from the installation's own
 * subscriptions; all gateways read it before it holds. See docs/adr/0022-drain-state-with-the-batch.md.
 */
public final class Populations implements Function<Instant, Population>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Populations.class);

    private static final long PERIOD_MS = 120_000;
    private static final Duration WEEK = Duration.ofDays(7);
    /** Longer than several looks of every gateway. */
    private static final Duration NOTICE = Duration.ofMinutes(15);

    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final PopulationStore store = new PopulationStore();

    private volatile List<PopulationStore.Published> published = List.of();
    private volatile long timer = -1;

    public Populations(Vertx vertx, Database database, InstantSource clock) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Reads what is published and begins to look for more, and to learn when it is time. */
    public Future<Void> start() {
        timer = vertx.setPeriodic(
                PERIOD_MS,
                id -> learnIfDue()
                        .compose(learned -> refresh())
                        .onFailure(failure -> log.warn("the population was not learned", failure)));
        return refresh();
    }

    /** The newest population that held at a moment; the shipped one before the first. */
    @Override
    public Population apply(Instant at) {
        for (PopulationStore.Published each : published) {
            if (!at.isBefore(each.effectiveAt())) {
                return each.population();
            }
        }
        return Population.shipped();
    }

    /** Takes over what was published. */
    public Future<Void> refresh() {
        return store.newest(database.workerPool())
                .onSuccess(found -> published = List.copyOf(found))
                .mapEmpty();
    }

    /** Learns and publishes a version when none was learned within a week; whether it did. */
    public Future<Boolean> learnIfDue() {
        Instant now = clock.instant();
        return database.inWorker(connection -> store.due(connection, now.minus(WEEK))
                .compose(version -> version == 0 ? Future.succeededFuture(false) : learn(connection, version, now)));
    }

    /** A different stretch of the virtual shards each week. */
    private Future<Boolean> learn(SqlConnection connection, int version, Instant now) {
        int shard = Math.floorMod(version * 977, Ids.SHARDS);
        return store.states(connection, shard)
                .compose(states -> vertx.executeBlocking(() -> learned(states, version))
                        .compose(population ->
                                store.publish(connection, version, population, states.size(), now, now.plus(NOTICE))))
                .map(true);
    }

    private static Population learned(List<DrainState> states, int version) {
        PopulationLearner learner = new PopulationLearner(Population.shipped());
        states.forEach(learner::add);
        return learner.learn(version);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}

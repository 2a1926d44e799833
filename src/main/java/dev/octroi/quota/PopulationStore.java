package dev.octroi.quota;

import dev.octroi.drain.DrainState;
import dev.octroi.drain.Population;
import dev.octroi.quota.account.DrainMemory;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Keeps the versions of the population, and reads what they are learned from. */
final class PopulationStore {
    /** Most states that a version is learned from. */
    static final int MAX_STATES = 5_000;

    private static final int KEPT = 8;
    private static final int FIRST = 1_000;

    /** A version and the moment from which it holds. */
    record Published(Population population, Instant effectiveAt) {}

    /** The newest versions, newest first. */
    Future<List<Published>> newest(SqlClient client) {
        return client.preparedQuery("""
                        SELECT body, effective_at FROM drain_population ORDER BY version DESC LIMIT $1::int
                        """).execute(Tuple.of(KEPT)).map(rows -> {
            List<Published> found = new ArrayList<>();
            for (Row row : rows) {
                found.add(new Published(
                        Population.parse(row.getString("body")),
                        row.getOffsetDateTime("effective_at").toInstant()));
            }
            return found;
        });
    }

    /**
     * The number of the version that is due now; 0 when one was learned since. Others who ask wait until the transaction
     * ends.
     */
    Future<Integer> due(SqlConnection connection, Instant unlessLearnedSince) {
        return connection
                .query("SELECT pg_advisory_xact_lock(x'0C7218'::int)")
                .execute()
                .compose(locked -> connection
                        .preparedQuery("""
                                SELECT CASE WHEN bool_or(learned_at > $1) THEN 0
                                       ELSE coalesce(max(version), $2::int) + 1 END AS version
                                FROM drain_population
                                """)
                        .execute(Tuple.of(unlessLearnedSince.atOffset(ZoneOffset.UTC), FIRST)))
                .map(rows -> rows.iterator().next().getInteger("version"));
    }

    /** States of accounts from a virtual shard on. */
    Future<List<DrainState>> states(SqlConnection connection, int fromShard) {
        return connection
                .preparedQuery("""
                        SELECT d.state, h.drain_patch
                        FROM (SELECT * FROM account_drain WHERE vshard >= $1
                              ORDER BY vshard, tenant_id, account_id LIMIT $2::int) AS d
                        JOIN account_hot h ON h.vshard = d.vshard AND h.tenant_id = d.tenant_id
                          AND h.account_id = d.account_id
                        """)
                .execute(Tuple.of((short) fromShard, MAX_STATES))
                .map(rows -> {
                    List<DrainState> states = new ArrayList<>();
                    rows.forEach(row -> states.add(DrainMemory.read(
                                    row.getBuffer("state").getBytes(),
                                    row.getBuffer("drain_patch").getBytes())
                            .open()));
                    return states;
                });
    }

    Future<Void> publish(
            SqlConnection connection, int version, Population population, int subscriptions, Instant at, Instant from) {
        return connection
                .preparedQuery("""
                        INSERT INTO drain_population (version, body, subscriptions, learned_at, effective_at)
                        VALUES ($1, $2, $3, $4, $5)
                        """)
                .execute(Tuple.of(
                        version,
                        population.text(),
                        subscriptions,
                        at.atOffset(ZoneOffset.UTC),
                        from.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }
}

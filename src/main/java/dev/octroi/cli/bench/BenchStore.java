package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The tables and statements that belong to measuring alone. Runs as the schema's owner, on a database of its own. */
final class BenchStore {
    private static final long FIRST = 1L << 20;

    private final Pool owner;

    BenchStore(Pool owner) {
        this.owner = owner;
    }

    /** The account of a number. */
    static long accountId(int number) {
        return FIRST + number;
    }

    /** Copies one opened account many times, and makes the reference's tables. */
    Future<Void> prepare(long template, int accounts) {
        return owner.preparedQuery("""
                        INSERT INTO account (vshard, tenant_id, id, subscription_id, opened_at, starts_at, ends_at, time_zone,
                                             terms)
                        SELECT (g & 255)::smallint, 1, g, g, opened_at, starts_at, ends_at, time_zone, terms
                        FROM account, generate_series($2::bigint, $3::bigint) AS g WHERE id = $1
                        """)
                .execute(Tuple.of(template, FIRST, FIRST + accounts - 1))
                .compose(done -> owner.preparedQuery("""
                        INSERT INTO bucket
                        SELECT (g & 255)::smallint, 1, g, 1, 'PLAN', 'plan', 'bench', 1000000000000000, 0
                        FROM generate_series($1::bigint, $2::bigint) AS g
                        """).execute(Tuple.of(FIRST, FIRST + accounts - 1)))
                .compose(done -> owner.preparedQuery("""
                        INSERT INTO policy_state (vshard, tenant_id, account_id, subscription_id, desired_version, desired_at)
                        SELECT (g & 255)::smallint, 1, g, g, 0, now() FROM generate_series($1::bigint, $2::bigint) AS g
                        """).execute(Tuple.of(FIRST, FIRST + accounts - 1)))
                .compose(done -> owner.query("""
                        CREATE TABLE bench_seen (account_id bigint, key bigint, PRIMARY KEY (account_id, key));
                        CREATE TABLE bench_balance (account_id bigint PRIMARY KEY, used bigint NOT NULL)
                            WITH (fillfactor = 65)
                        """).execute())
                .compose(done -> owner.preparedQuery("""
                        INSERT INTO bench_balance SELECT g, 0 FROM generate_series($1::bigint, $2::bigint) AS g
                        """).execute(Tuple.of(FIRST, FIRST + accounts - 1)))
                .compose(done -> owner.query("VACUUM ANALYZE").execute())
                .mapEmpty();
    }

    /** Makes the table of the reference for charging. */
    Future<Void> prepareBuckets() {
        return owner.query("""
                        CREATE TABLE bench_bucket (id bigint PRIMARY KEY, left_bytes bigint NOT NULL) WITH (fillfactor = 65);
                        INSERT INTO bench_bucket SELECT g, 1000000000000000 FROM generate_series(0, 4095) AS g
                        """).execute().mapEmpty();
    }

    /** The reference for charging: takes from one shared bucket, durably. */
    static Future<Void> take(Pool pool, long bucket, long bytes) {
        return pool.preparedQuery("""
                        UPDATE bench_bucket SET left_bytes = left_bytes - $2 WHERE id = $1 AND left_bytes >= $2
                        """)
                .execute(Tuple.of(bucket, bytes))
                .compose(rows -> rows.rowCount() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException("a bucket of the reference is empty")));
    }

    /** Makes the table of the reference for callbacks. */
    Future<Void> prepareOutbox() {
        return owner.query("""
                        CREATE TABLE bench_outbox (number int PRIMARY KEY)
                        """).execute().mapEmpty();
    }

    Future<Void> putIntoOutbox(int number) {
        return owner.preparedQuery("""
                        INSERT INTO bench_outbox VALUES ($1)
                        """).execute(Tuple.of(number)).mapEmpty();
    }

    /** Takes all that is there. */
    Future<List<Integer>> takeFromOutbox() {
        return owner.query("""
                        DELETE FROM bench_outbox RETURNING number
                        """).execute().map(rows -> {
            List<Integer> numbers = new ArrayList<>(rows.size());
            rows.forEach(row -> numbers.add(row.getInteger(0)));
            return numbers;
        });
    }

    /** Bytes of all records counted. */
    Future<Long> ledgerBytes() {
        return owner.query("SELECT coalesce(sum(delta_bytes), 0)::bigint FROM ledger")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** The reference: dedupe and balance in one bare statement, nothing decided. */
    Future<Void> bare(Pool pool, Long[] accounts, Long[] keys, Long[] bytes) {
        return pool.preparedQuery("""
                        WITH fresh AS (
                            INSERT INTO bench_seen
                            SELECT a, k FROM unnest($1::bigint[], $2::bigint[]) AS r (a, k)
                            ON CONFLICT DO NOTHING RETURNING account_id, key),
                        sums AS (
                            SELECT f.account_id, sum(r.b) AS bytes
                            FROM fresh f
                            JOIN unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS r (a, k, b)
                              ON r.a = f.account_id AND r.k = f.key
                            GROUP BY f.account_id ORDER BY f.account_id)
                        UPDATE bench_balance b SET used = b.used + s.bytes FROM sums s WHERE b.account_id = s.account_id
                        """).execute(Tuple.of(accounts, keys, bytes)).mapEmpty();
    }

    /** Bytes of WAL ever written. */
    Future<Long> walBytes() {
        return owner.query("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }
}

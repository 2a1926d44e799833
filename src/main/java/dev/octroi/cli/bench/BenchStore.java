package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** Copies one opened account many times: the numbers from first to last, both included. */
    Future<Void> copyAccounts(long template, int first, int last) {
        Tuple range = Tuple.of(accountId(first), accountId(last));
        return owner.preparedQuery("""
                        INSERT INTO account (vshard, tenant_id, id, subscription_id, opened_at, starts_at, ends_at, time_zone,
                                             terms)
                        SELECT (g & 255)::smallint, 1, g, g, opened_at, starts_at, ends_at, time_zone, terms
                        FROM account, generate_series($2::bigint, $3::bigint) AS g WHERE id = $1
                        """)
                .execute(Tuple.of(template, accountId(first), accountId(last)))
                .compose(done -> owner.preparedQuery("""
                        INSERT INTO bucket (vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes)
                        SELECT (g & 255)::smallint, 1, g, 1, 'PLAN', 'plan', 'bench', 1000000000000000
                        FROM generate_series($1::bigint, $2::bigint) AS g
                        """).execute(range))
                .compose(done -> owner.preparedQuery("""
                        INSERT INTO account_hot (vshard, tenant_id, account_id, taken)
                        SELECT (g & 255)::smallint, 1, g, '{0}' FROM generate_series($1::bigint, $2::bigint) AS g
                        """).execute(range))
                .compose(done -> owner.preparedQuery("""
                        INSERT INTO policy_state (vshard, tenant_id, account_id, subscription_id, desired_version, desired_at)
                        SELECT (g & 255)::smallint, 1, g, g, 0, now() FROM generate_series($1::bigint, $2::bigint) AS g
                        """).execute(range))
                .mapEmpty();
    }

    /** Lets the network find accounts by the hashes of their IMSIs. */
    Future<Void> link(Buffer[] hashes, Long[] accounts) {
        return owner.preparedQuery("""
                        INSERT INTO account_link (kind, hash, vshard, tenant_id, account_id)
                        SELECT 'IMSI', h, (a & 255)::smallint, 1, a FROM unnest($1::bytea[], $2::bigint[]) AS l (h, a)
                        """)
                .execute(Tuple.tuple().addValue(hashes).addValue(accounts))
                .mapEmpty();
    }

    /** Lets the planner know what is there. */
    Future<Void> analyze() {
        return owner.query("VACUUM ANALYZE").execute().mapEmpty();
    }

    /** Makes the tables of the reference for usage. */
    Future<Void> prepareReference(int accounts) {
        return owner.query("""
                        CREATE TABLE bench_seen (account_id bigint, key bigint, PRIMARY KEY (account_id, key));
                        CREATE TABLE bench_balance (account_id bigint PRIMARY KEY, used bigint NOT NULL)
                            WITH (fillfactor = 65)
                        """)
                .execute()
                .compose(done -> owner.preparedQuery("""
                        INSERT INTO bench_balance SELECT g, 0 FROM generate_series($1::bigint, $2::bigint) AS g
                        """).execute(Tuple.of(FIRST, FIRST + accounts - 1)))
                .compose(done -> owner.query("VACUUM ANALYZE bench_balance").execute())
                .mapEmpty();
    }

    /** Rows of the ledger. */
    Future<Long> ledgerRows() {
        return owner.query("SELECT count(*) FROM ledger")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Adds copies of all ledger rows, under other keys and without bytes, until it has as many as wanted. */
    Future<Void> lengthenLedger(long wanted) {
        return ledgerRows().compose(rows -> copyLedger((int) Math.ceilDiv(wanted, rows) - 1));
    }

    private Future<Void> copyLedger(int times) {
        return owner.preparedQuery("""
                        INSERT INTO ledger (day, vshard, tenant_id, account_id, source, key, delta_bytes, up_bytes, down_bytes,
                                            event_at, received_at, zone, category, plmn, rat)
                        SELECT day, vshard, tenant_id, account_id, source, key || '-' || g, 0, 0, 0, event_at, received_at,
                               zone, category, plmn, rat
                        FROM ledger, generate_series(1, $1::int) AS g
                        """).execute(Tuple.of(times)).compose(done -> analyze());
    }

    /** Makes the table of the reference for charging. */
    Future<Void> prepareBuckets() {
        return owner.query("CREATE TABLE bench_bucket4j (id bigint PRIMARY KEY, state bytea)")
                .execute()
                .mapEmpty();
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

    /** The same for one record, in a transaction of its own. */
    Future<Void> bareSingle(Pool pool, Long account, Long key, Long bytes) {
        return pool.preparedQuery("""
                        WITH fresh AS (INSERT INTO bench_seen VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING account_id)
                        UPDATE bench_balance b SET used = b.used + $3 FROM fresh f WHERE b.account_id = f.account_id
                        """).execute(Tuple.of(account, key, bytes)).mapEmpty();
    }

    /** Bytes of all records in the ledger by their number; a number that is there twice has the bytes of both. */
    Future<Map<Long, Long>> ledger() {
        return owner.query("SELECT substr(key, 5)::bigint, sum(delta_bytes)::bigint FROM ledger GROUP BY 1")
                .execute()
                .map(rows -> {
                    Map<Long, Long> bytes = new HashMap<>();
                    rows.forEach(row -> bytes.put(row.getLong(0), row.getLong(1)));
                    return bytes;
                });
    }

    /** Accounts whose sums, hours, volumes or numbers of decisions do not agree with the ledger and with each other. */
    Future<Disagreement> disagreeing() {
        return owner.query("""
                        WITH counted AS (SELECT account_id, sum(delta_bytes) AS bytes FROM ledger GROUP BY account_id),
                        hours AS (SELECT account_id, sum(up_bytes + down_bytes) AS bytes FROM usage_by_hour
                            GROUP BY account_id),
                        decided AS (SELECT account_id, count(*) AS decisions FROM decision GROUP BY account_id)
                        SELECT count(*) FILTER (WHERE h.used_bytes + h.beyond_bytes <> coalesce(c.bytes, 0)) AS balances,
                            count(*) FILTER (WHERE h.used_bytes + h.beyond_bytes <> coalesce(u.bytes, 0)) AS hours,
                            count(*) FILTER (WHERE h.used_bytes IS DISTINCT FROM
                                (SELECT coalesce(sum(t), 0) FROM unnest(h.taken) AS t)) AS volumes,
                            count(*) FILTER (WHERE a.policy_version <> coalesce(d.decisions, 0)) AS policies
                        FROM account_hot h
                        JOIN account a ON a.vshard = h.vshard AND a.tenant_id = h.tenant_id AND a.id = h.account_id
                        LEFT JOIN counted c ON c.account_id = h.account_id
                        LEFT JOIN hours u ON u.account_id = h.account_id
                        LEFT JOIN decided d ON d.account_id = h.account_id
                        """).execute().map(rows -> {
            Row row = rows.iterator().next();
            return new Disagreement(
                    row.getLong("balances"), row.getLong("hours"), row.getLong("volumes"), row.getLong("policies"));
        });
    }

    /**
     * Accounts whose sums are not those of the rows behind them.
     *
     * @param balances against the ledger
     * @param hours against usage by hour
     * @param volumes what was taken from them, against the balance
     * @param policies versions against decisions
     */
    record Disagreement(long balances, long hours, long volumes, long policies) {
        long all() {
            return balances + hours + volumes + policies;
        }
    }

    /** Bytes of WAL ever written. */
    Future<Long> walBytes() {
        return owner.query("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }
}

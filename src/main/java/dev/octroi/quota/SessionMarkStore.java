package dev.octroi.quota;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/** Forgets the marks of sessions that are long over. */
final class SessionMarkStore {
    /** Before all marks. */
    static final Place START = new Place((short) -1, 0, 0, "");

    /** Where a walk through all marks has come to: the key of a mark, which may be gone. */
    record Place(short vshard, int tenantId, long accountId, String session) {}

    /**
     * What a page of the walk gave.
     *
     * @param next where the next page begins; {@link #START} after the last one
     * @param removed marks that went
     */
    record Page(Place next, int removed) {}

    /**
     * Removes what is old among the marks that come next, in the order of the key. An index by time would make each reading of a
     * session dearer, because its row could no longer be changed in place.
     *
     * @param after where the page before ended
     * @param before marks whose last event was before it go
     * @param limit marks looked at
     */
    Future<Page> forget(SqlConnection connection, Place after, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        WITH page AS MATERIALIZED (
                            SELECT vshard, tenant_id, account_id, session, last_event_at FROM account_session
                            WHERE (vshard, tenant_id, account_id, session)
                                  > ($1::smallint, $2::int, $3::bigint, $4::text)
                            ORDER BY vshard, tenant_id, account_id, session LIMIT $6),
                        gone AS (
                            DELETE FROM account_session s USING page p
                            WHERE s.vshard = p.vshard AND s.tenant_id = p.tenant_id AND s.account_id = p.account_id
                              AND s.session = p.session AND p.last_event_at < $5 AND s.last_event_at < $5
                            RETURNING 1)
                        SELECT vshard, tenant_id, account_id, session, (SELECT count(*)::int FROM page) AS looked,
                               (SELECT count(*)::int FROM gone) AS removed
                        FROM page ORDER BY vshard DESC, tenant_id DESC, account_id DESC, session DESC LIMIT 1
                        """)
                .execute(Tuple.of(
                        after.vshard(),
                        after.tenantId(),
                        after.accountId(),
                        after.session(),
                        TimeRows.write(before),
                        limit))
                .map(rows -> page(rows, limit));
    }

    private static Page page(RowSet<Row> rows, int limit) {
        if (rows.size() == 0) {
            return new Page(START, 0);
        }
        Row last = rows.iterator().next();
        Place place = new Place(last.getShort(0), last.getInteger(1), last.getLong(2), last.getString(3));
        return new Page(last.getInteger(4) < limit ? START : place, last.getInteger(5));
    }
}

package dev.octroi.charging;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** Finds where the consumer of an open session listens. */
final class ChargingNoticeStore {
    /** The sealed address; empty when the session is over or nobody listens. */
    Future<Optional<String>> notifyTo(SqlClient client, int tenantId, long accountId, long number) {
        return client.preparedQuery("""
                        SELECT notify_to FROM charging_session
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND number = $4 AND open
                          AND notify_to IS NOT NULL
                        """)
                .execute(Tuple.of(Ids.shardOf(accountId), tenantId, accountId, number))
                .map(rows -> rows.size() == 0
                        ? Optional.<String>empty()
                        : Optional.of(rows.iterator().next().getString(0)));
    }
}

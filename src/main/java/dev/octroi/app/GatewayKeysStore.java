package dev.octroi.app;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** Table {@code gateway_keys}; its moments are the database's, because clocks of gateways differ. */
final class GatewayKeysStore {
    /** Notes the highest key of a gateway, and forgets gateways that have not been seen for a day. */
    Future<Void> note(SqlConnection connection, UUID gateway, int highest) {
        return connection
                .preparedQuery("""
                        INSERT INTO gateway_keys (gateway, highest) VALUES ($1, $2)
                        ON CONFLICT (gateway) DO UPDATE SET highest = excluded.highest, seen_at = now()
                        """)
                .execute(Tuple.of(gateway, highest))
                .compose(noted -> connection
                        .query("DELETE FROM gateway_keys WHERE seen_at < now() - interval '1 day'")
                        .execute())
                .mapEmpty();
    }

    /** Forgets a gateway. */
    Future<Void> forget(SqlConnection connection, UUID gateway) {
        return connection
                .preparedQuery("DELETE FROM gateway_keys WHERE gateway = $1")
                .execute(Tuple.of(gateway))
                .mapEmpty();
    }

    /** How many gateways that were seen within ten minutes have no key after this one. */
    Future<Integer> without(SqlConnection connection, int kekId) {
        return connection
                .preparedQuery("""
                        SELECT count(*)::int AS gateways FROM gateway_keys
                        WHERE highest <= $1 AND seen_at > now() - interval '10 minutes'
                        """)
                .execute(Tuple.of(kekId))
                .map(rows -> rows.iterator().next().getInteger("gateways"));
    }
}

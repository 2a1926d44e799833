package dev.octroi.callback.reconcile;

import dev.octroi.callback.network.LossStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/** Has networks hear everything again after the database was restored: they may hold policies that it knows nothing of. */
public final class RestoreStore {
    /** More decisions than any account has between a backup and its use. */
    private static final long STEP = 1_000_000;

    /** From now on policies are told under versions above all that were told before. */
    public Future<Void> raiseToldVersions(SqlConnection connection) {
        return connection
                .preparedQuery("UPDATE installation SET told_version_base = told_version_base + $1")
                .execute(Tuple.of(STEP))
                .mapEmpty();
    }

    /** Takes back the confirmations of a shard, those of full speed as well; gives how many the reconciler has told again. */
    public Future<Integer> tellAgain(SqlConnection connection, int vshard, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE policy_state SET %s
                        WHERE vshard = $1 AND desired_version > 0
                        """.formatted(LossStore.unconfirmed("$2")))
                .execute(Tuple.of(vshard, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }
}

package dev.octroi.rsp.order;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** Removes what profiles say of a person; on connections of the worker role. */
final class ProfileErasureStore {
    private static final List<String> OF_PROFILE = List.of(
            "rsp_progress",
            "rsp_notification",
            "rsp_package",
            "rsp_protected",
            "es2_progress",
            "profile_key",
            "profile_order");

    /**
     * Blanks a profile, which is out of use for good from then on. Its row stays, and with it the keyed hash of its number, so that
     * the number is not given out a second time.
     *
     * @param iccid sealed for the row: the number of nobody
     */
    Future<Void> blank(SqlConnection connection, int tenantId, long profileId, byte[] iccid) {
        return connection
                .preparedQuery("""
                        UPDATE profile
                        SET iccid_sealed = $4, imsi_sealed = NULL, imsi_idx = NULL, matching_sealed = NULL, matching_idx = NULL,
                            confirmation_sealed = NULL, eid_sealed = NULL, eid_idx = NULL, eid_reserved = false,
                            state = 'unavailable', card_state = 'none', error_cause = NULL, error_detail = NULL,
                            expires_at = NULL, bound_key = NULL, bound_transaction = NULL, card_curve = NULL,
                            card_key = NULL, protect = false, version = version + 1
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(profileId), profileId, Buffer.buffer(iccid)))
                .compose(done -> connection
                        .preparedQuery("DELETE FROM es2_call WHERE tenant_id = $1 AND profile_id = $2")
                        .execute(Tuple.of(tenantId, profileId)))
                .compose(done -> connection
                        .preparedQuery("DELETE FROM rsp_session WHERE tenant_id = $1 AND profile_id = $2")
                        .execute(Tuple.of(tenantId, profileId)))
                .mapEmpty();
    }

    /** Removes what hangs on a profile: its steps, what its card told, keys, packages, its order elsewhere. */
    Future<Void> history(SqlConnection connection, int tenantId, long profileId) {
        Future<Void> done = Future.succeededFuture();
        for (String table : OF_PROFILE) {
            done = done.compose(last -> connection
                    .preparedQuery("DELETE FROM " + table + " WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3")
                    .execute(Tuple.of(tenantId, Ids.shardOf(profileId), profileId))
                    .mapEmpty());
        }
        return done;
    }
}

package dev.octroi.privacy;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** What the SM-DP+ knows of a traveller's card. */
public interface Cards {
    /**
     * The numbers of a profile, of its card and its code: {@code iccid}, {@code imsi}, {@code eid}, {@code matchingId}, as far as there
     * are any.
     */
    Future<JsonObject> identifiers(SqlConnection connection, int tenantId, long profileId);

    /**
     * Takes profiles out of use for good and forgets what they say of a person, within a transaction of the worker role. That a
     * number was given out stays known, as a keyed hash.
     */
    Future<Void> forget(SqlConnection connection, int tenantId, List<Long> profiles);
}

package dev.octroi.rsp.order;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Makes a profile when none is in stock. */
@FunctionalInterface
public interface ProfileMaker {
    /**
     * Makes a profile in state AVAILABLE.
     *
     * @param connection of the tenant's role
     * @param operatorId the partner that orders
     * @return empty when profiles of this type are not made here
     */
    Future<Optional<ProfileRow>> make(SqlConnection connection, int tenantId, long operatorId, String profileType);
}

package dev.octroi.api.reseller;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Work of one request within its tenant's transaction. */
@FunctionalInterface
interface TenantWork<T> {
    /** A failed future rolls the transaction back. */
    Future<T> run(SqlConnection connection, Caller caller);
}

package dev.octroi.smdp;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Who waits for profiles that were ordered elsewhere; called in the worker transaction that writes each turn. */
public interface ProfileOrderListener {
    /** The number of the profile is known. */
    Future<Void> reserved(SqlConnection connection, int tenantId, long profileId, Iccid iccid);

    /** The profile may be downloaded. */
    Future<Void> ready(SqlConnection connection, int tenantId, long profileId);

    /** There will be no profile. */
    Future<Void> failed(SqlConnection connection, int tenantId, long profileId, GsmaStatus reason);

    /**
     * Called after the commit of {@link #failed}, for what is no part of that transaction: again and again, also after a crash, until it is
     * done.
     *
     * @return whether it is done; false, or a failure: to be tried again later
     */
    Future<Boolean> lost(int tenantId, long profileId);

    /** Called after the commit of any of them. */
    void committed();
}

package dev.octroi.subscription;

import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Where the profiles of subscriptions come from: the seam to whatever SM-DP+ is in use. */
public interface ProfileSource {
    /** Whether a profile is there with the order; if not, it comes after the commit. */
    boolean isImmediate();

    /**
     * Orders a profile, within the caller's tenant transaction.
     *
     * @param profileId the identifier that the profile gets
     * @param name the name that the phone shows, up to 64 characters
     * @return what the network will call it; empty when the profile comes after the commit
     */
    Future<Optional<Identity>> order(SqlConnection connection, int tenantId, long profileId, String name);

    /** To be called after the commit of an order. */
    default void ordered() {}

    /** A profile with its activation code, where it has one already; empty when the tenant has none of this identifier. */
    Future<Optional<SubscriptionProfile>> find(SqlConnection connection, int tenantId, long profileId);

    /**
     * What the network will call the profile.
     *
     * @param iccid its ICCID
     * @param imsi its IMSI
     */
    record Identity(Sensitive<String> iccid, Sensitive<String> imsi) {}
}

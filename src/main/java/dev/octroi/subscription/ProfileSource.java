package dev.octroi.subscription;

import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Where the profiles of subscriptions come from: the seam to whatever SM-DP+ is in use. */
public interface ProfileSource {
    /** Whether a profile that is ordered is there with the order; if not, it comes after the commit. */
    boolean isImmediate();

    /**
     * Orders a profile, within the caller's tenant transaction.
     *
     * @param profileId the identifier that the profile gets
     * @param name the name that the phone shows, up to 64 characters
     * @return what the network will call it; empty when the profile comes after the commit
     */
    Future<Optional<Identity>> order(SqlConnection connection, int tenantId, long profileId, String name);

    /** Whether profiles of a type are sold from the tenant's stock. */
    Future<Boolean> isStocked(SqlConnection connection, int tenantId, String profileType);

    /**
     * Takes profiles of a type from stock and releases them, all or none, within the caller's tenant transaction.
     *
     * @param quantity 1 to {@value Order#MAX_QUANTITY}
     */
    Future<StockTaking> take(SqlConnection connection, int tenantId, String profileType, int quantity);

    /**
     * Takes one profile of a type from stock for one that is lost, within the caller's transaction. That is no sale, so a type
     * that was retired meanwhile gives what it has left.
     *
     * @return empty when there is none in stock
     */
    Future<Optional<StockTaking.Stocked>> takeInstead(SqlConnection connection, int tenantId, String profileType);

    /**
     * Withdraws a lost profile for good, within a transaction of the worker role: its code works no more.
     *
     * @param by {@code reseller} or {@code admin}
     * @param reason at most 400 characters, without identifiers
     * @return empty when the profile is kept by another SM-DP+, which alone can withdraw it
     */
    Future<Optional<Withdrawal>> withdraw(
            SqlConnection connection, int tenantId, long profileId, String by, String reason);

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

    /**
     * A profile that was withdrawn.
     *
     * @param identity what the network calls it
     * @param wasOnCard whether a card has it, or had it, as far as cards have told
     * @param committed to be called after the commit
     */
    record Withdrawal(Identity identity, boolean wasOnCard, Runnable committed) {}
}

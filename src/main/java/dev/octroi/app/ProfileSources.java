package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.smdp.ExternalOrders;
import dev.octroi.smdp.ProfileOrderStore;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.StockTaking;
import dev.octroi.subscription.SubscriptionProfile;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/**
 * Lets subscriptions order their profiles where the settings say, and find them wherever they were ordered: the settings
 * may have changed since.
 */
public final class ProfileSources implements ProfileSource {
    private final ProfileOrderStore store;
    private final Optional<ExternalOrders> external;
    private final Profiles profiles;
    private final ProfileSource builtIn;

    /** @param external where orders go; empty: they are made here */
    public ProfileSources(
            ProfileOrderStore store, Optional<ExternalOrders> external, Profiles profiles, ProfileSource builtIn) {
        this.store = requireNonNull(store, "store is null");
        this.external = requireNonNull(external, "external is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.builtIn = requireNonNull(builtIn, "builtIn is null");
    }

    @Override
    public boolean isImmediate() {
        return external.isEmpty();
    }

    @Override
    public Future<Optional<Identity>> order(SqlConnection connection, int tenantId, long profileId, String name) {
        return external.isEmpty()
                ? builtIn.order(connection, tenantId, profileId, name)
                : external.get().want(connection, tenantId, profileId, name).map(Optional.empty());
    }

    @Override
    public Future<Boolean> isStocked(SqlConnection connection, int tenantId, String profileType) {
        return builtIn.isStocked(connection, tenantId, profileType);
    }

    /** Stock is kept and delivered here, wherever other profiles are ordered. */
    @Override
    public Future<StockTaking> take(SqlConnection connection, int tenantId, String profileType, int quantity) {
        return builtIn.take(connection, tenantId, profileType, quantity);
    }

    @Override
    public Future<Optional<StockTaking.Stocked>> takeInstead(
            SqlConnection connection, int tenantId, String profileType) {
        return builtIn.takeInstead(connection, tenantId, profileType);
    }

    /** Another SM-DP+ withdraws its profiles itself. */
    @Override
    public Future<Optional<Withdrawal>> withdraw(
            SqlConnection connection, int tenantId, long profileId, String by, String reason) {
        return store.find(connection, tenantId, profileId)
                .compose(standing -> standing.isPresent()
                        ? Future.succeededFuture(Optional.empty())
                        : builtIn.withdraw(connection, tenantId, profileId, by, reason));
    }

    @Override
    public void ordered() {
        external.ifPresent(ExternalOrders::wake);
    }

    @Override
    public Future<Optional<SubscriptionProfile>> find(SqlConnection connection, int tenantId, long profileId) {
        return store.find(connection, tenantId, profileId)
                .compose(standing -> standing.isEmpty()
                        ? builtIn.find(connection, tenantId, profileId)
                        : profiles.find(connection, tenantId, profileId)
                                .map(row -> Optional.of(seen(standing.get(), row))));
    }

    private SubscriptionProfile seen(ProfileOrderStore.Standing standing, Optional<ProfileRow> row) {
        return switch (standing.state()) {
            case "ready" ->
                new SubscriptionProfile(
                        row.map(profiles::iccid).map(iccid -> iccid.map(Iccid::digits)),
                        row.map(BuiltInProfileSource::state).orElse(SubscriptionProfile.ORDERED),
                        standing.smdpAddress()
                                .map(address -> new ActivationCode(
                                        address, standing.matchingId().reveal(), false)),
                        Optional.empty());
            case "returning", "failed" -> nothing(SubscriptionProfile.FAILED);
            default -> nothing(SubscriptionProfile.ORDERED);
        };
    }

    private static SubscriptionProfile nothing(String state) {
        return new SubscriptionProfile(Optional.empty(), state, Optional.empty(), Optional.empty());
    }
}

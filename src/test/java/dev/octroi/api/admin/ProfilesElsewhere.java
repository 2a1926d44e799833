package dev.octroi.api.admin;

import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.StockTaking;
import dev.octroi.subscription.SubscriptionProfile;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Profiles that another SM-DP+ keeps, which alone can withdraw them. */
final class ProfilesElsewhere implements ProfileSource {
    @Override
    public boolean isImmediate() {
        return false;
    }

    @Override
    public Future<Optional<Identity>> order(SqlConnection connection, int tenantId, long profileId, String name) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Boolean> isStocked(SqlConnection connection, int tenantId, String profileType) {
        return Future.succeededFuture(false);
    }

    @Override
    public Future<StockTaking> take(SqlConnection connection, int tenantId, String profileType, int quantity) {
        return Future.succeededFuture(new StockTaking.NotSold());
    }

    @Override
    public Future<Optional<StockTaking.Stocked>> takeInstead(
            SqlConnection connection, int tenantId, String profileType) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Optional<Withdrawal>> withdraw(
            SqlConnection connection, int tenantId, long profileId, String by, String reason) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Optional<SubscriptionProfile>> find(SqlConnection connection, int tenantId, long profileId) {
        return Future.succeededFuture(Optional.empty());
    }
}

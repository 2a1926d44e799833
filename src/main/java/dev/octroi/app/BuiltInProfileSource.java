package dev.octroi.app;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.CardPresence;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.rsp.order.ProfileStatus;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.order.StockOrders;
import dev.octroi.rsp.order.Withdrawals;
import dev.octroi.secret.Sensitive;
import dev.octroi.smdp.BuiltInSmDp;
import dev.octroi.smdp.ProfileRequest;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.StockTaking;
import dev.octroi.subscription.SubscriptionProfile;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lets subscriptions order their profiles from the built-in SM-DP+. */
final class BuiltInProfileSource implements ProfileSource {
    private static final String PROVIDER_NAME = "Octroi";

    private final BuiltInSmDp smdp;
    private final Profiles profiles;
    private final StockOrders stock;
    private final Withdrawals withdrawals;
    private final String smdpAddress;

    BuiltInProfileSource(
            BuiltInSmDp smdp, Profiles profiles, StockOrders stock, Withdrawals withdrawals, String smdpAddress) {
        this.smdp = smdp;
        this.profiles = profiles;
        this.stock = stock;
        this.withdrawals = withdrawals;
        this.smdpAddress = smdpAddress;
    }

    @Override
    public boolean isImmediate() {
        return true;
    }

    @Override
    public Future<Optional<Identity>> order(SqlConnection connection, int tenantId, long profileId, String name) {
        return smdp.order(connection, ProfileRequest.simple(tenantId, profileId, PROVIDER_NAME, name))
                .map(ordered -> Optional.of(new Identity(ordered.iccid(), ordered.imsi())));
    }

    @Override
    public Future<Boolean> isStocked(SqlConnection connection, int tenantId, String profileType) {
        return stock.isSold(connection, tenantId, profileType);
    }

    @Override
    public Future<StockTaking> take(SqlConnection connection, int tenantId, String profileType, int quantity) {
        return stock.isSold(connection, tenantId, profileType)
                .compose(sold -> sold
                        ? stock.take(connection, tenantId, profileType, quantity)
                                .map(this::taking)
                        : Future.succeededFuture(new StockTaking.NotSold()));
    }

    @Override
    public Future<Optional<StockTaking.Stocked>> takeInstead(
            SqlConnection connection, int tenantId, String profileType) {
        return stock.take(connection, tenantId, profileType, 1)
                .map(taken -> taken.stream().findFirst().map(this::stocked));
    }

    @Override
    public Future<Optional<Withdrawal>> withdraw(
            SqlConnection connection, int tenantId, long profileId, String by, String reason) {
        return withdrawals
                .withdraw(connection, tenantId, profileId, new ProfileChange.Note(by, reason))
                .map(found -> found.map(withdrawn -> new Withdrawal(
                        identity(withdrawn.profile()),
                        isOnCard(withdrawn.profile().status()),
                        () -> withdrawals.committed(withdrawn))));
    }

    private static boolean isOnCard(ProfileStatus status) {
        return status.state() == ProfileState.INSTALLED || status.presence() != CardPresence.NONE;
    }

    private StockTaking taking(List<ProfileRow> taken) {
        return taken.isEmpty()
                ? new StockTaking.UsedUp()
                : new StockTaking.Taken(taken.stream().map(this::stocked).toList());
    }

    private StockTaking.Stocked stocked(ProfileRow row) {
        return new StockTaking.Stocked(row.id(), identity(row));
    }

    private Identity identity(ProfileRow row) {
        return new Identity(
                profiles.iccid(row).map(Iccid::digits), profiles.imsi(row).orElseThrow());
    }

    @Override
    public Future<Optional<SubscriptionProfile>> find(SqlConnection connection, int tenantId, long profileId) {
        return profiles.find(connection, tenantId, profileId).map(found -> found.map(this::seen));
    }

    private SubscriptionProfile seen(ProfileRow row) {
        return new SubscriptionProfile(
                Optional.of(profiles.iccid(row).map(Iccid::digits)),
                state(row),
                activation(row),
                Optional.ofNullable(row.limits().expiresAt()));
    }

    /** Without a matching id a phone asks for what is reserved for its card: where nothing is, that is no code of this profile. */
    private Optional<ActivationCode> activation(ProfileRow row) {
        Optional<Sensitive<String>> matchingId = profiles.matchingId(row);
        return matchingId.isEmpty() && row.status().card() == null
                ? Optional.empty()
                : Optional.of(new ActivationCode(
                        smdpAddress, matchingId.map(Sensitive::reveal).orElse(""), row.needsConfirmation()));
    }

    /** What the card last said, when it said anything; else what the SM-DP+ knows. */
    static String state(ProfileRow row) {
        return switch (row.status().presence()) {
            case ENABLED, DISABLED, DELETED -> row.status().presence().text();
            case NONE -> row.status().state().name().toLowerCase(Locale.ROOT);
        };
    }
}

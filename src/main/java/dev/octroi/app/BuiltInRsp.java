package dev.octroi.app;

import dev.octroi.quota.Accounts;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.rsp.order.OperatorOrders;
import dev.octroi.rsp.order.ProfileKinds;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.order.Resets;
import dev.octroi.rsp.order.StockOrders;
import dev.octroi.rsp.order.Withdrawals;
import dev.octroi.rsp.stock.ProfileStock;
import dev.octroi.rsp.stock.TransportKeys;
import dev.octroi.smdp.BuiltInSmDp;
import dev.octroi.smdp.NumberRange;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.SubscriptionStore;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * The built-in SM-DP+: what devices download from and what orders go to.
 *
 * @param address as activation codes carry it
 * @param external profiles that another SM-DP+ made
 * @param tokens makes matching ids
 */
record BuiltInRsp(
        String address,
        Downloads downloads,
        Profiles profiles,
        ExternalProfiles external,
        ProfileSource source,
        OperatorOrders operatorOrders,
        Resets resets,
        Supplier<String> tokens,
        ProfileStock stock) {

    static BuiltInRsp open(Ground ground, Settings settings, Accounts accounts, Runnable nudge) throws IOException {
        String address = address(settings);
        NumberRange numbers = NumberRange.test();
        ProfileVault vault = new ProfileVault(ground.sealer(), ground.index());
        TransportKeys transportKeys = settings.transportKeys().isPresent()
                ? TransportKeys.read(settings.transportKeys().get())
                : TransportKeys.none();
        Downloads downloads = new Downloads(
                ground.vertx(),
                ground.database(),
                Runtime.getRuntime().availableProcessors(),
                ground.trust().rsp(),
                vault,
                ProfileKinds.builtIn("Octroi", numbers.home()),
                new ProfileSteps(new SubscriptionStore(), ground.database(), accounts, ground.ids(), nudge),
                settings.callback().es2Url().isPresent(),
                ground.ids(),
                ground.clock(),
                ground.random());
        Profiles profiles = new Profiles(downloads);
        BuiltInSmDp smdp = new BuiltInSmDp(profiles, address, numbers, ground.ids(), ground.clock(), ground.random());
        return new BuiltInRsp(
                address,
                downloads,
                profiles,
                new ExternalProfiles(downloads),
                new BuiltInProfileSource(
                        smdp, profiles, new StockOrders(downloads, smdp::token), new Withdrawals(downloads), address),
                new OperatorOrders(downloads, smdp::make, smdp::token),
                new Resets(downloads, smdp::token, settings.reuseDeleted()),
                smdp::token,
                ProfileStock.open(
                        ground.vertx(), ground.database(), vault, transportKeys, ground.ids(), ground.clock()));
    }

    /** The address of the SM-DP+: that of the settings, else this machine. */
    static String address(Settings settings) {
        return settings.smdpAddress()
                .orElseGet(() -> "localhost:" + settings.device().port());
    }
}

package dev.octroi.app;

import dev.octroi.quota.Accounts;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.order.OperatorOrders;
import dev.octroi.rsp.order.ProfileKinds;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.order.Resets;
import dev.octroi.smdp.BuiltInSmDp;
import dev.octroi.smdp.NumberRange;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.SubscriptionStore;

/**
 * The built-in SM-DP+: what devices download from and what orders go to.
 *
 * @param address as activation codes carry it
 */
record BuiltInRsp(
        String address,
        Downloads downloads,
        Profiles profiles,
        ProfileSource source,
        OperatorOrders operatorOrders,
        Resets resets) {

    static BuiltInRsp open(Ground ground, Settings settings, Accounts accounts, Runnable nudge) {
        String address = address(settings);
        NumberRange numbers = NumberRange.test();
        Downloads downloads = new Downloads(
                ground.vertx(),
                ground.database(),
                Runtime.getRuntime().availableProcessors(),
                ground.trust().rsp(),
                new ProfileVault(ground.sealer(), ground.index()),
                ProfileKinds.builtIn("Octroi", numbers.home()),
                new ProfileSteps(new SubscriptionStore(), ground.database(), accounts, ground.ids(), nudge),
                ground.ids(),
                ground.clock(),
                ground.random());
        Profiles profiles = new Profiles(downloads);
        BuiltInSmDp smdp = new BuiltInSmDp(profiles, address, numbers, ground.ids(), ground.clock(), ground.random());
        return new BuiltInRsp(
                address,
                downloads,
                profiles,
                new BuiltInProfileSource(smdp, profiles, address),
                new OperatorOrders(downloads, smdp::make, smdp::token),
                new Resets(downloads, smdp::token, settings.reuseDeleted()));
    }

    /** The address of the SM-DP+: that of the settings, else this machine. */
    static String address(Settings settings) {
        return settings.smdpAddress()
                .orElseGet(() -> "localhost:" + settings.device().port());
    }
}

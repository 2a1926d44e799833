package dev.octroi.app;

import dev.octroi.pki.ClientTls;
import dev.octroi.quota.Accounts;
import dev.octroi.smdp.Es2Client;
import dev.octroi.smdp.ExternalDriver;
import dev.octroi.smdp.ExternalOrders;
import dev.octroi.smdp.ProfileOrderJob;
import dev.octroi.smdp.ProfileOrderStore;
import dev.octroi.subscription.ProfileSource;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where profiles are ordered: here, or from another SM-DP+ where one is configured.
 *
 * @param source for subscriptions
 */
record ProfileOrdering(ProfileSource source, Optional<Elsewhere> elsewhere) {
    private static final long POLL_MS = 1_000;
    private static final int SENDS_OF_AN_ORDER = 9;

    /** The job that carries orders out, and what it calls. */
    record Elsewhere(ProfileOrderJob job, Es2Client client) {}

    static ProfileOrdering open(Ground ground, Settings settings, Accounts accounts, BuiltInRsp rsp, Runnable nudge) {
        ProfileOrderStore store = new ProfileOrderStore(ground.sealer());
        if (settings.smdp().url().isEmpty()) {
            return new ProfileOrdering(
                    new ProfileSources(store, Optional.empty(), rsp.profiles(), rsp.source()), Optional.empty());
        }
        Settings.SmDpSettings wanted = settings.smdp();
        URI url = settings.smdp().url().get();
        ClientTls tls = ground.trust().smdpTls().orElseThrow();
        Es2Client client = new Es2Client(ground.vertx(), tls.options(), url, wanted.requesterId(), wanted.timeoutMs());
        ProfileOrderJob job = new ProfileOrderJob(
                ground.vertx(),
                ground.database(),
                store,
                new ExternalDriver(client),
                rsp.external(),
                rsp.profiles(),
                new OrderedProfiles(ground.database(), accounts, ground.index(), ground.ids(), ground.clock(), nudge),
                new ProfileOrderJob.Terms(
                        wanted.address().orElse(url.getHost()),
                        // Up to three functions, each sent three times, and some time for the database.
                        Duration.ofMillis(SENDS_OF_AN_ORDER * (wanted.timeoutMs() + 1_000L)),
                        POLL_MS,
                        settings.callback().scheduleScale()),
                ground.clock());
        ExternalOrders orders =
                new ExternalOrders(store, wanted.profileType(), rsp.tokens(), job::wake, ground.clock());
        return new ProfileOrdering(
                new ProfileSources(store, Optional.of(orders), rsp.profiles(), rsp.source()),
                Optional.of(new Elsewhere(job, client)));
    }

    /** Goes on with orders that wait, and closes in the right order. */
    void start(Closing closing) {
        elsewhere.ifPresent(each -> {
            closing.addFuture("ES2+ client", each.client()::close);
            closing.addFuture("orders at the SM-DP+", each.job()::stop);
            each.job().start();
        });
    }
}

package dev.octroi.api.reseller;

import dev.octroi.app.OrderedProfiles;
import dev.octroi.app.ProfileSources;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.order.OperatorOrders.Confirmation;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import dev.octroi.smdp.ExternalOrders;
import dev.octroi.smdp.ProfileOrderJob;
import dev.octroi.smdp.ProfileOrderStore;
import dev.octroi.smdp.SmDpPlus;
import dev.octroi.subscription.ProfileSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Orders of a test's server go to another SM-DP+, which answers when it is told to; all but that server is real. */
final class Elsewhere implements SmDpPlus, AutoCloseable {
    static final String ADDRESS = "smdp.elsewhere.example.com";

    private final Promise<Void> told = Promise.promise();
    private final AtomicInteger reserved = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final ProfileOrderJob job;
    private final ProfileSource source;

    Elsewhere(ResellerServer server, Sealer sealer, BlindIndex index) {
        Clock clock = Clock.systemUTC();
        ProfileOrderStore store = new ProfileOrderStore(sealer);
        Profiles profiles = new Profiles(server.profileRows.downloads());
        job = new ProfileOrderJob(
                server.vertx,
                server.database,
                store,
                this,
                new ExternalProfiles(server.profileRows.downloads()),
                profiles,
                new OrderedProfiles(server.database, server.accounts, index, server.ids, clock, () -> {}),
                new ProfileOrderJob.Terms("fallback.example.com", Duration.ofMinutes(1), 50, 0.01),
                clock);
        AtomicInteger tokens = new AtomicInteger();
        ExternalOrders orders =
                new ExternalOrders(store, "travel-eu", () -> "TOKEN-" + tokens.incrementAndGet(), job::wake, clock);
        source = new ProfileSources(store, Optional.of(orders), profiles, server.profiles);
        job.start();
    }

    /** Where subscriptions order now. */
    ProfileSource source() {
        return source;
    }

    /** From now on calls are answered, also those that wait. */
    void answer() {
        told.tryComplete();
    }

    /** So many of the next orders are refused for good. */
    void refuse(int orders) {
        refusals.set(orders);
    }

    /** How many profiles were reserved. */
    int reserved() {
        return reserved.get();
    }

    @Override
    public Future<Outcome<Iccid>> downloadOrder(
            OperatorCall call, @Nullable Eid eid, @Nullable Iccid iccid, @Nullable String profileType) {
        return told.future()
                .map(done -> refusals.getAndDecrement() > 0
                        ? Outcome.failed(GsmaStatus.TYPE_UNKNOWN)
                        : Outcome.done(Iccid.ofText("894477%013d".formatted(reserved.incrementAndGet()))));
    }

    @Override
    public Future<Outcome<ConfirmedOrder>> confirmOrder(OperatorCall call, Iccid iccid, Confirmation wanted) {
        String matchingId = String.valueOf(wanted.matchingId());
        return told.future()
                .map(done -> Outcome.done(
                        new ConfirmedOrder(Optional.empty(), Sensitive.of(matchingId), Optional.of(ADDRESS))));
    }

    @Override
    public Future<Outcome<Iccid>> cancelOrder(
            OperatorCall call, Iccid iccid, @Nullable Eid eid, @Nullable String matchingId, boolean available) {
        return told.future().map(done -> Outcome.done(iccid));
    }

    @Override
    public Future<Outcome<Iccid>> releaseProfile(OperatorCall call, Iccid iccid) {
        return told.future().map(done -> Outcome.done(iccid));
    }

    @Override
    public void close() throws Exception {
        answer();
        ResellerServer.await(job.stop());
    }
}

package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.api.device.DeviceApi;
import dev.octroi.api.operator.Es2Api;
import dev.octroi.api.operator.Es2ProgressApi;
import dev.octroi.api.operator.OperatorApi;
import dev.octroi.audit.AuditExport;
import dev.octroi.callback.Callbacks;
import dev.octroi.charging.SpendingNotices;
import dev.octroi.db.Purges;
import dev.octroi.http.BodyBudget;
import dev.octroi.http.CallerRate;
import dev.octroi.http.Contract;
import dev.octroi.http.Front;
import dev.octroi.http.Idempotency;
import dev.octroi.http.Routes;
import dev.octroi.pki.ServerTls;
import dev.octroi.privacy.Cards;
import dev.octroi.privacy.Erasures;
import dev.octroi.privacy.Exports;
import dev.octroi.rsp.cert.CurveProvider;
import dev.octroi.rsp.order.ProfileErasures;
import dev.octroi.smdp.BuiltInDriver;
import dev.octroi.smdp.SmDpPlus;
import dev.octroi.support.SavingsJob;
import dev.octroi.support.SettlementJob;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running gateway: everything is constructed here, in order, and closed in the reverse order. */
public final class Gateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    private static final int CONTRACT_SECONDS = 30;
    private static final int WARM_UP_SECONDS = 30;

    private final Closing closing;
    private final Listeners listeners;

    private Gateway(Closing closing, Listeners listeners) {
        this.closing = closing;
        this.listeners = listeners;
    }

    /**
     * Starts the gateway; returns when all listeners accept requests. Blocking: for a plain thread.
     *
     * @throws RuntimeException when any part does not start; what had started is closed again
     */
    public static Gateway start(Settings settings) {
        requireNonNull(settings, "settings is null");
        ServerTls.hardenJdk();
        log.info("elliptic curves by {}", CurveProvider.choose(settings.nativeCrypto()));
        Closing closing = new Closing();
        try {
            return wire(settings, closing);
        } catch (IOException | GeneralSecurityException e) {
            closing.close();
            throw new IllegalStateException("the gateway cannot start: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private static Gateway wire(Settings settings, Closing closing) throws IOException, GeneralSecurityException {
        // Features, from the ground up.
        Ground ground = Ground.open(settings, closing);
        Access access = Access.open(
                settings,
                ground.data(),
                ground.vertx(),
                ground.database(),
                ground.trust().partners(),
                ground.keyring(),
                ground.index(),
                ground.ids(),
                ground.random(),
                ground.clock());
        closing.addFuture("client secrets", access.clients()::close);
        AuditExport audit = new AuditExport(ground.vertx(), ground.database(), ground.data());
        audit.meter(ground.metrics().registry());
        closing.addFuture("audit heads", audit::exportLast);
        Nudge nudge = new Nudge();
        SpendingNotices spending = Charging.spending(ground, access.partners());
        Counting counting = Counting.open(ground, settings, spending, nudge);
        BuiltInRsp rsp = BuiltInRsp.open(ground, settings, counting.accounts(), nudge);
        ProfileOrdering ordering = ProfileOrdering.open(ground, settings, counting.accounts(), rsp, nudge);
        Charging charging = Charging.open(ground, settings, counting, spending, access.partners());
        Callbacks callbacks = Outgoing.open(ground, settings, rsp.profiles(), charging.messages());
        nudge.to(callbacks::nudge);
        Telling telling = Telling.open(ground, settings, access, counting);
        Idempotency idempotency = new Idempotency(ground.sealer(), ground.clock());
        Cards cards = new TravellerCards(rsp.profiles(), new ProfileErasures(rsp.downloads()));
        Erasures erasures = new Erasures(
                ground.database(),
                cards,
                ground.ids(),
                ground.clock(),
                settings.usage().latenessHorizon(),
                callbacks::nudge);

        // Listeners, one for each trust domain.
        Contract operatorContract = contract(ground, "operator");
        Listeners listeners = new Listeners(
                ground.vertx(), ground.random(), Runtime.getRuntime().availableProcessors());
        Front publicFront = listeners.front("public");
        PublicSurface surface = new PublicSurface(
                ground,
                settings,
                access,
                counting,
                spending,
                ordering.source(),
                rsp.resets(),
                rsp.stock(),
                callbacks,
                telling.channels(),
                new Exports(cards, telling.channels()),
                erasures,
                idempotency);
        surface.mount(
                publicFront.router(),
                contract(ground, "reseller"),
                contract(ground, "admin"),
                operatorContract,
                bodies(ground, "public", BodyBudget.forTenants(heapBytes())));
        listeners.addTls("public", settings.publicListener(), ground.trust().publicTls(), publicFront);

        Front deviceFront = listeners.front("device");
        deviceFront
                .router()
                .route()
                .handler(CallerRate.ofAddresses(settings.limits().devicePerMinute(), System::nanoTime));
        new DeviceApi(rsp.downloads(), bodies(ground, "device", BodyBudget.forTenants(heapBytes())))
                .mount(deviceFront.router());
        listeners.addTls("device", settings.device(), ground.trust().deviceTls(), deviceFront);

        Front operatorFront = listeners.front("operator");
        Routes.of(operatorContract)
                .security(OperatorApi.SCHEME, access.partners())
                .handlers(OperatorApi.handlers(counting.intake(), counting.locations()))
                .bodies(bodies(ground, "operator", BodyBudget.forNetworks(heapBytes())))
                .mount(ground.vertx(), operatorFront.router());
        SmDpPlus builtIn = new BuiltInDriver(rsp.operatorOrders(), rsp.address());
        new Es2Api(access.partners(), access.partners()::isRequester, builtIn).mount(operatorFront.router());
        new Es2ProgressApi(access.partners(), rsp.external(), ground.metrics().registry())
                .mount(operatorFront.router());
        listeners.addTls("operator", settings.operator(), ground.trust().operatorTls(), operatorFront);

        charging.listen(ground, settings, access.partners(), listeners);

        TlsWatch tls = new TlsWatch(ground.trust(), ground.clock());
        tls.meter(ground.metrics().registry());
        Readiness readiness = new Readiness();
        listeners.addPlain(
                "management",
                settings.management(),
                new ManagementRoutes(
                                readiness,
                                ground.database(),
                                ground.clockWatch(),
                                ground.metrics(),
                                () -> Stream.of(ground.trust().rsp().warnings(), tls.warnings())
                                        .flatMap(List::stream)
                                        .toList())
                        .router(ground.vertx()));

        // Open, in this order; the reverse closes. Probes are told to the last that this gateway wants nothing more.
        closing.add("management listener", listeners::closePlain);
        callbacks.start();
        closing.addFuture("callbacks", callbacks::stop);
        telling.start(closing);
        ordering.start(closing);
        SettlementJob settlements = new SettlementJob(ground.vertx(), counting.cases());
        settlements.start();
        closing.add("settlements", settlements);
        SavingsJob savings = new SavingsJob(
                ground.vertx(),
                ground.database(),
                ground.clock(),
                ground.metrics().registry());
        savings.start();
        closing.add("savings", savings);
        Blocking.await("population", counting.populations().start(), CONTRACT_SECONDS);
        closing.add("population", counting.populations());
        counting.blockLists().start();
        closing.add("block list", counting.blockLists());
        counting.ticks().start();
        closing.add("ticks", counting.ticks());
        closing.add("known subscribers", counting.subscribers());
        counting.held().start();
        closing.add("held volume", counting.held());
        counting.forgetting().start();
        closing.add("forgetting", counting.forgetting());
        counting.quarantined().start();
        closing.add("quarantine", counting.quarantined());
        counting.rollouts().start();
        closing.add("roll-outs", counting.rollouts());
        listeners.open();
        closing.add("listeners", () -> {
            surface.endStreams();
            listeners.close(settings.stopGrace());
        });
        Feeds.open(ground, settings, counting.intake(), callbacks::nudge, closing);
        closing.add("readiness", () -> {
            readiness.close();
            // Whoever sends requests here looks at the readiness now and then; until then they are served as before.
            Thread.sleep(settings.stopDrain());
        });
        closing.add(
                "upkeep",
                Upkeep.start(
                        ground.vertx(),
                        ground.trust(),
                        new CertificateMetrics(
                                ground.trust().rsp(),
                                ground.clock(),
                                ground.metrics().registry()),
                        settings.certificates().poll(),
                        listeners,
                        new Credentials(ground.trust(), listeners, access.keys(), ground.keyring()),
                        audit,
                        rsp.downloads(),
                        telling.forgetBy(new Purges(ground.clockWatch()::holds))
                                .add("kept answers", () -> idempotency.purge(ground.database()))
                                .add("calls of ES2+", rsp.operatorOrders()::purgeCalls)
                                .add("reports of other SM-DP+", rsp.external()::purgeTold)
                                .add("subscriptions to spending limits", charging.limits()::forget)
                                .add("erasures that broke off", erasures::resume)
                                .add("links of travellers", access.links()::purge)));
        Blocking.await("warm-up", WarmUp.run(ground.vertx(), listeners), WARM_UP_SECONDS);
        readiness.open();
        log.info("ready");
        return new Gateway(closing, listeners);
    }

    /** The port that a listener is bound to: {@code public}, {@code device}, {@code operator} or {@code management}. */
    public int port(String listener) {
        return listeners.port(listener);
    }

    @Override
    public void close() {
        closing.close();
    }

    /** Each listener has its own, so that what tenants send keeps no room from what networks report. */
    private static BodyBudget bodies(Ground ground, String listener, BodyBudget bodies) {
        bodies.meter(ground.metrics().registry(), listener);
        return bodies;
    }

    private static long heapBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    private static Contract contract(Ground ground, String name) {
        return Blocking.await("contract " + name, Contract.load(ground.vertx(), name), CONTRACT_SECONDS);
    }
}

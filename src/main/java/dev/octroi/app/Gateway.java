package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.api.admin.AdminApi;
import dev.octroi.api.device.DeviceApi;
import dev.octroi.api.operator.Es2Api;
import dev.octroi.api.operator.OperatorApi;
import dev.octroi.api.reseller.ResellerApi;
import dev.octroi.api.reseller.WebhookApi;
import dev.octroi.audit.AuditLog;
import dev.octroi.audit.AuditVerifier;
import dev.octroi.callback.CallbackClient;
import dev.octroi.callback.CallbackKey;
import dev.octroi.callback.Callbacks;
import dev.octroi.callback.DispatcherSettings;
import dev.octroi.callback.EventLog;
import dev.octroi.callback.Outbox;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.QuoteStore;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.db.Migrations;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.http.Contract;
import dev.octroi.http.Cursors;
import dev.octroi.http.Docs;
import dev.octroi.http.Front;
import dev.octroi.http.Idempotency;
import dev.octroi.http.RateLimits;
import dev.octroi.http.Routes;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.Decider;
import dev.octroi.quota.TickJob;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.order.OperatorOrders;
import dev.octroi.rsp.order.ProfileKinds;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.smdp.BuiltInSmDp;
import dev.octroi.smdp.NumberRange;
import dev.octroi.subscription.OrderDesk;
import dev.octroi.subscription.OrderStore;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.subscription.TimelineStore;
import dev.octroi.subscription.TopUpStore;
import dev.octroi.support.Alarms;
import dev.octroi.support.Cases;
import dev.octroi.telemetry.Metrics;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.usage.UsageIntake;
import dev.octroi.web.console.ConsolePages;
import dev.octroi.web.selfcare.SelfCarePages;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running gateway: everything is constructed here, in order, and closed in the reverse order. */
public final class Gateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    private static final int WARM_UP_SECONDS = 30;
    private static final int PARTNER_CONNECTIONS = 64;
    private static final int WEBHOOK_CONNECTIONS = 8;

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
        ServerTls.hardenJdk();
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Path data = ownDirectory(settings.dataDirectory());

        // Ground: keys, certificates, database.
        Keyring keyring = Keyring.open(data, random);
        Sealer sealer = new Sealer(keyring, random, clock);
        BlindIndex index = new BlindIndex(keyring);
        Ids ids = new Ids(clock, random);
        Trust trust = Trust.open(data, settings.smdpAddress(), clock, random);
        DatabaseConfig databaseConfig = DatabaseAddress.resolve(settings, closing);
        Migrations.apply(databaseConfig);
        Metrics metrics = closing.add("metrics", new Metrics());
        Vertx vertx = closing.addVertx(vertx(metrics));
        Database database = new Database(
                vertx,
                databaseConfig,
                settings.database().poolSize(),
                settings.database().statementTimeoutMs());
        closing.addFuture("database pools", database::close);

        // Credentials: tokens, machine clients, travellers' links, partners; the record of what was done.
        Access access = Access.open(settings, data, vertx, database, trust.partners(), index, ids, random, clock);
        closing.addFuture("client secrets", access.clients()::close);
        AuditVerifier audit = new AuditVerifier(database, data);
        closing.addFuture("audit heads", audit::export);

        // Counting and policy: one write path.
        Nudge nudge = new Nudge();
        Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
        Accounts accounts = new Accounts(
                vertx,
                database,
                decider,
                new Consequences(ids).sinks(new Outbox(), new EventLog(), new Alarms(), new AuditLog(), nudge),
                clock,
                settings.usage().lanes());
        AccountReader accountReader = new AccountReader(database, clock);
        TickJob ticks = new TickJob(vertx, database, accounts, clock);
        UsageIntake intake = new UsageIntake(
                database, accounts, index, clock, settings.usage().latenessHorizon(), metrics.registry());

        // Profiles: the built-in SM-DP+.
        String smdpAddress = settings.smdpAddress()
                .orElseGet(() -> "localhost:" + settings.device().port());
        SubscriptionStore subscriptions = new SubscriptionStore();
        ProfileVault vault = new ProfileVault(sealer, index);
        NumberRange numbers = NumberRange.test();
        Downloads downloads = new Downloads(
                vertx,
                database,
                Runtime.getRuntime().availableProcessors(),
                GsmaIdentity.of(trust.gsma().material(), smdpAddress),
                vault,
                ProfileKinds.builtIn("Octroi", numbers.home()),
                new ProfileSteps(subscriptions, database, accounts, ids, nudge),
                ids,
                clock,
                random);
        Profiles profiles = new Profiles(downloads);
        BuiltInSmDp smdp = new BuiltInSmDp(profiles, smdpAddress, numbers, ids, clock, random);
        BuiltInProfileSource profileSource = new BuiltInProfileSource(smdp, profiles, smdpAddress);
        OperatorOrders operatorOrders = new OperatorOrders(downloads, smdp::make, smdp::token);

        // Callbacks: what the outbox holds goes out.
        CallbackClient partnerClient =
                new CallbackClient(vertx, trust.callbackTls().options(), PARTNER_CONNECTIONS);
        CallbackClient webhookClient = new CallbackClient(
                vertx, trust.webhookTls(settings.callback().allowLoopback()).options(), WEBHOOK_CONNECTIONS);
        Callbacks callbacks = new Callbacks(new Callbacks.Parts(
                vertx,
                database,
                DispatcherSettings.standard(
                        settings.callback().networkUrl(),
                        settings.callback().es2Url(),
                        settings.callback().scheduleScale()),
                CallbackKey.of(keyring.derive("callback signature")),
                GsmaTestPki.SMDP_OID,
                partnerClient,
                webhookClient,
                settings.callback().allowLoopback(),
                sealer,
                ids,
                new SubscriptionIdentifiers(database, subscriptions, profiles),
                new PolicyConfirmations(),
                clock,
                random,
                metrics.registry()));
        nudge.to(callbacks::nudge);

        // Catalogue and orders.
        PlanStore plans = new PlanStore();
        QuoteStore quotes = new QuoteStore();
        OrderStore orders = new OrderStore();
        OrderDesk desk = new OrderDesk(
                plans,
                quotes,
                orders,
                subscriptions,
                profileSource,
                new AccountStore(),
                index,
                new EventLog(),
                ids,
                clock,
                nudge);

        Cases cases = new Cases(database, accounts, new AuditLog(), new EventLog(), ids, clock);

        // APIs on their listeners.
        Idempotency idempotency = new Idempotency(sealer, clock);
        Cursors cursors = new Cursors(keyring.derive("page cursor"));
        Contract resellerContract = contract(vertx, "reseller");
        Contract adminContract = contract(vertx, "admin");
        Contract operatorContract = contract(vertx, "operator");
        Listeners listeners = new Listeners(vertx, random, Runtime.getRuntime().availableProcessors());
        Readiness readiness = new Readiness();

        RateLimits limits = new RateLimits(
                ctx -> Integer.toString(Principal.of(ctx).tenantId()),
                settings.limits().readsPerMinute(),
                settings.limits().writesPerMinute(),
                System::nanoTime);
        Front publicFront = listeners.front("public");
        access.endpoint().mount(publicFront.router());
        Routes.of(resellerContract)
                .security("bearer", access.bearer())
                .gate(limits)
                .handlers(new ResellerApi(new ResellerApi.Parts(
                                database,
                                idempotency,
                                cursors,
                                plans,
                                new ZoneStore(),
                                quotes,
                                orders,
                                subscriptions,
                                new TopUpStore(),
                                new TimelineStore(),
                                desk,
                                profileSource,
                                accounts,
                                accountReader,
                                access.links(),
                                publicUrl(settings),
                                ids,
                                clock))
                        .handlers())
                .handlers(new WebhookApi(new WebhookApi.Parts(vertx, database, idempotency, cursors, callbacks, clock))
                        .handlers())
                .mount(vertx, publicFront.router());
        Routes.of(adminContract)
                .security("bearer", access.bearer())
                .gate(limits)
                .handlers(new AdminApi(new AdminApi.Parts(
                                database,
                                idempotency,
                                cursors,
                                access.clients(),
                                access.partners(),
                                new AuditLog(),
                                subscriptions,
                                accounts,
                                accountReader,
                                ids,
                                clock))
                        .handlers())
                .mount(vertx, publicFront.router());
        new SelfCarePages(new SelfCarePages.Parts(
                        database,
                        access.links(),
                        subscriptions,
                        profileSource,
                        plans,
                        accounts,
                        accountReader,
                        cases,
                        keyring.derive("self-care forms")))
                .mount(publicFront.router());
        new ConsolePages(new ConsolePages.Parts(
                        database, access.tokens(), accountReader, new TimelineStore(), cases, clock, random))
                .mount(publicFront.router());
        Docs.mount(publicFront.router(), List.of(resellerContract, adminContract, operatorContract));
        listeners.addTls("public", settings.publicListener(), trust.publicTls(), publicFront);

        Front deviceFront = listeners.front("device");
        new DeviceApi(downloads).mount(deviceFront.router());
        listeners.addTls("device", settings.device(), trust.deviceTls(), deviceFront);

        Front operatorFront = listeners.front("operator");
        Routes.of(operatorContract)
                .security(OperatorApi.SCHEME, access.partners())
                .handlers(OperatorApi.handlers(intake))
                .mount(vertx, operatorFront.router());
        new Es2Api(access.partners(), operatorOrders, smdpAddress).mount(operatorFront.router());
        listeners.addTls("operator", settings.operator(), trust.operatorTls(), operatorFront);

        listeners.addPlain(
                "management", settings.management(), new ManagementRoutes(readiness, database, metrics).router(vertx));

        // Open, in this order; the reverse closes.
        callbacks.start();
        closing.addFuture("callbacks", callbacks::stop);
        cases.finishInterrupted().onFailure(failure -> log.warn("interrupted settlements were not finished", failure));
        ticks.start();
        closing.add("ticks", ticks);
        listeners.open();
        closing.add("listeners", () -> listeners.close(settings.stopGrace()));
        closing.add("readiness", readiness::close);
        closing.add(
                "upkeep",
                Upkeep.start(
                        vertx,
                        trust,
                        listeners,
                        access.keys(),
                        audit,
                        downloads,
                        () -> database.inWorker(idempotency::purge)));
        Blocking.await("warm-up", WarmUp.run(vertx, listeners), WARM_UP_SECONDS);
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

    private static Contract contract(Vertx vertx, String name) {
        return Blocking.await("contract " + name, Contract.load(vertx, name), WARM_UP_SECONDS);
    }

    private static String publicUrl(Settings settings) {
        return settings.publicUrl()
                .orElseGet(
                        () -> "https://localhost:" + settings.publicListener().port());
    }

    private static Vertx vertx(Metrics metrics) {
        MicrometerMetricsOptions options =
                new MicrometerMetricsOptions().setEnabled(true).setJvmMetricsEnabled(false);
        return RequestContext.newVertx(
                new VertxOptions().setMetricsOptions(options), new MicrometerMetricsFactory(metrics.registry()));
    }

    private static Path ownDirectory(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Files.createDirectories(
                absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return absolute;
    }
}

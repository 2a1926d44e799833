package dev.octroi.app;

import dev.octroi.access.Principal;
import dev.octroi.api.admin.AdminApi;
import dev.octroi.api.operator.QosEventApi;
import dev.octroi.api.reseller.ResellerApi;
import dev.octroi.api.reseller.WebhookApi;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.Callbacks;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.callback.reconcile.PolicyRetelling;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.QuoteStore;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.charging.SpendingNotices;
import dev.octroi.http.BodyBudget;
import dev.octroi.http.CallerRate;
import dev.octroi.http.Contract;
import dev.octroi.http.Cursors;
import dev.octroi.http.Docs;
import dev.octroi.http.FailedTries;
import dev.octroi.http.Idempotency;
import dev.octroi.http.RateLimits;
import dev.octroi.http.Routes;
import dev.octroi.notice.Channels;
import dev.octroi.privacy.Erasures;
import dev.octroi.privacy.Exports;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.rehearsal.DrainRehearsals;
import dev.octroi.quota.rehearsal.RehearsalTurns;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.rsp.order.Resets;
import dev.octroi.rsp.stock.ProfileStock;
import dev.octroi.subscription.LostSim;
import dev.octroi.subscription.OrderDesk;
import dev.octroi.subscription.OrderStore;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.Replacements;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.subscription.TimelineStore;
import dev.octroi.subscription.TopUpStore;
import dev.octroi.usage.Countries;
import dev.octroi.usage.Quarantine;
import dev.octroi.web.console.ConsolePages;
import dev.octroi.web.selfcare.NoticePages;
import dev.octroi.web.selfcare.SelfCarePages;
import io.vertx.ext.web.Router;
import java.util.List;

/** What the public listener serves: tokens, the reseller and the admin API, the pages, the contracts. */
final class PublicSurface {
    /** Where, besides at the token endpoint, whoever comes has not yet shown who they are. */
    private static final List<String> ANONYMOUS = List.of("/s/*", "/n/*", "/console/login", QosEventApi.PATH);

    private final Ground ground;
    private final Settings settings;
    private final Access access;
    private final Counting counting;
    private final SpendingNotices spending;
    private final ProfileSource profiles;
    private final Resets resets;
    private final ProfileStock stock;
    private final Callbacks callbacks;
    private final Channels channels;
    private final Exports exports;
    private final Erasures erasures;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final WebhookApi webhooks;
    private final RehearsalTurns rehearsalTurns = new RehearsalTurns();
    private final PlanStore plans = new PlanStore();
    private final SubscriptionStore subscriptions = new SubscriptionStore();

    PublicSurface(
            Ground ground,
            Settings settings,
            Access access,
            Counting counting,
            SpendingNotices spending,
            ProfileSource profiles,
            Resets resets,
            ProfileStock stock,
            Callbacks callbacks,
            Channels channels,
            Exports exports,
            Erasures erasures,
            Idempotency idempotency) {
        this.ground = ground;
        this.settings = settings;
        this.access = access;
        this.counting = counting;
        this.spending = spending;
        this.profiles = profiles;
        this.resets = resets;
        this.stock = stock;
        this.callbacks = callbacks;
        this.channels = channels;
        this.exports = exports;
        this.erasures = erasures;
        this.idempotency = idempotency;
        this.cursors = new Cursors(ground.keyring().derive("page cursor"));
        this.webhooks = new WebhookApi(new WebhookApi.Parts(
                ground.vertx(), ground.database(), idempotency, cursors, callbacks, ground.clock()));
    }

    /** Puts everything on the router; the operator's contract is only shown here. */
    void mount(Router router, Contract reseller, Contract admin, Contract operator, BodyBudget bodies) {
        RateLimits limits = new RateLimits(
                ctx -> Integer.toString(Principal.of(ctx).tenantId()),
                settings.limits().readsPerMinute(),
                settings.limits().writesPerMinute(),
                System::nanoTime);
        FailedTries tries = new FailedTries(settings.limits().failedTriesPerMinute(), System::nanoTime);
        ANONYMOUS.forEach(path -> router.route(path).handler(tries));
        router.route("/s/*").handler(CallerRate.ofLinks(settings.limits().linkPerMinute(), System::nanoTime));
        access.endpoint().mount(router, tries);
        Routes.of(reseller)
                .security("bearer", access.bearer())
                .gate(limits)
                .bodies(bodies)
                .handlers(resellerApi().handlers())
                .handlers(webhooks.handlers())
                .mount(ground.vertx(), router);
        Routes.of(admin)
                .security("bearer", access.bearer())
                .gate(limits)
                .bodies(bodies)
                .handlers(adminApi().handlers())
                .mount(ground.vertx(), router);
        new QosEventApi(callbacks.qosEvents(), bodies).mount(router);
        selfCare().mount(router);
        new NoticePages(channels).mount(router);
        console().mount(router);
        Docs.mount(router, List.of(reseller, admin, operator));
    }

    /** Ends what would otherwise last as long as its client likes. */
    void endStreams() {
        webhooks.endStreams();
    }

    private ResellerApi resellerApi() {
        QuoteStore quotes = new QuoteStore();
        OrderStore orders = new OrderStore();
        OrderDesk desk = new OrderDesk(
                plans,
                quotes,
                orders,
                subscriptions,
                profiles,
                new AccountStore(),
                ground.index(),
                new EventLog(),
                ground.ids(),
                ground.clock(),
                callbacks::nudge);
        Replacements replacements = new Replacements(
                plans,
                subscriptions,
                profiles,
                new AccountStore(),
                lostSim(),
                ground.index(),
                new EventLog(),
                ground.ids(),
                ground.clock(),
                () -> {
                    access.links().forget();
                    callbacks.nudge();
                });
        return new ResellerApi(new ResellerApi.Parts(
                ground.database(),
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
                profiles,
                ground.index(),
                counting.accounts(),
                counting.reader(),
                ruleRehearsals(),
                resets,
                replacements,
                access.links(),
                channels,
                exports,
                erasures,
                settings.publicAddress(),
                ground.ids(),
                ground.clock()));
    }

    /**
     * What knows a subscription by its SIM or lies in the lost phone: PCFs, the network that enforces its policy, links, and the
     * mailbox that messages bring new links to.
     */
    private LostSim lostSim() {
        Outbox outbox = new Outbox();
        PolicyRetelling policies = new PolicyRetelling(ground.ids());
        return (connection, tenantId, subscription, at) -> spending.end(
                        connection, outbox, new AccountKey(tenantId, subscription.accountId()), at)
                .compose(done -> policies.ofReplacedSim(connection, tenantId, subscription.id(), at))
                .compose(done -> access.links().revoke(connection, tenantId, subscription.id()))
                .compose(done -> channels.remove(connection, tenantId, subscription.id()))
                .mapEmpty();
    }

    private AdminApi adminApi() {
        return new AdminApi(new AdminApi.Parts(
                ground.database(),
                idempotency,
                cursors,
                access.clients(),
                access.partners(),
                ground.sealer(),
                new AuditLog(),
                subscriptions,
                counting.accounts(),
                counting.reader(),
                resets,
                stock,
                profiles,
                ground.index(),
                ground.ids(),
                counting.blockLists(),
                new DrainRehearsals(ground.vertx(), ground.database(), ground.clock(), Countries::of, rehearsalTurns),
                ruleRehearsals(),
                callbacks::nudge,
                counting.changes(),
                ground.clock()));
    }

    private RuleRehearsals ruleRehearsals() {
        return new RuleRehearsals(
                ground.vertx(),
                ground.database(),
                ground.clock(),
                settings.usage().dwell(),
                rehearsalTurns);
    }

    private SelfCarePages selfCare() {
        return new SelfCarePages(new SelfCarePages.Parts(
                ground.database(),
                access.links(),
                subscriptions,
                profiles,
                plans,
                counting.accounts(),
                counting.reader(),
                counting.cases(),
                channels,
                ground.clock(),
                ground.keyring().derive("self-care forms")));
    }

    private ConsolePages console() {
        return new ConsolePages(new ConsolePages.Parts(
                ground.database(),
                access.tokens(),
                counting.reader(),
                new TimelineStore(),
                counting.cases(),
                new Quarantine(ground.database(), counting.accounts(), new AuditLog(), ground.clock()),
                counting.changes(),
                ground.clock(),
                ground.random()));
    }
}

package dev.octroi.api.reseller;

import dev.octroi.access.SelfCareLinks;
import dev.octroi.callback.event.EventLog;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.QuoteStore;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.http.Cursors;
import dev.octroi.http.Idempotency;
import dev.octroi.http.OperationHandler;
import dev.octroi.notice.Channels;
import dev.octroi.privacy.Erasures;
import dev.octroi.privacy.Exports;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.rsp.order.Resets;
import dev.octroi.secret.BlindIndex;
import dev.octroi.subscription.Cancellations;
import dev.octroi.subscription.OrderDesk;
import dev.octroi.subscription.OrderStore;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.Replacements;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.subscription.TimelineStore;
import dev.octroi.subscription.TopUpStore;
import dev.octroi.support.CaseSummaryStore;
import dev.octroi.support.Questions;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All operations of the reseller API but webhooks and events, by operationId. */
public final class ResellerApi {
    private final Map<String, OperationHandler> handlers = new LinkedHashMap<>();

    /**
     * What the operations work with.
     *
     * @param publicUrl where travellers reach the pages of this installation, without a slash at the end
     */
    public record Parts(
            Database database,
            Idempotency idempotency,
            Cursors cursors,
            PlanStore plans,
            ZoneStore zones,
            QuoteStore quotes,
            OrderStore orders,
            SubscriptionStore subscriptions,
            TopUpStore topUps,
            TimelineStore timeline,
            OrderDesk desk,
            ProfileSource profiles,
            BlindIndex index,
            Accounts accounts,
            AccountReader accountReader,
            RuleRehearsals ruleRehearsals,
            Resets resets,
            Replacements replacements,
            SelfCareLinks links,
            Channels channels,
            Exports exports,
            Erasures erasures,
            String publicUrl,
            Ids ids,
            InstantSource clock) {}

    public ResellerApi(Parts parts) {
        TenantCalls calls = new TenantCalls(parts.database(), parts.idempotency(), parts.cursors(), parts.clock());
        SubscriptionReader reader = new SubscriptionReader(
                calls,
                parts.subscriptions(),
                parts.profiles(),
                parts.accountReader(),
                parts.links(),
                parts.publicUrl());
        catalogue(parts, calls);
        orders(parts, calls);
        subscriptions(parts, calls, reader);
        accounts(parts, calls, reader);
    }

    /** The handlers, for {@code Routes.handlers}. */
    public Map<String, OperationHandler> handlers() {
        return Map.copyOf(handlers);
    }

    private void catalogue(Parts parts, TenantCalls calls) {
        OfferReader offers =
                new OfferReader(new ZoneCaps(parts.zones()), new ZoneTariffs(parts.zones()), parts.profiles());
        handlers.put("listPlans", new ListPlansHandler(calls, parts.plans()));
        handlers.put("createPlan", new CreatePlanHandler(calls, parts.plans(), offers, parts.ids(), parts.clock()));
        handlers.put("getPlan", new GetPlanHandler(calls, parts.plans()));
        handlers.put("withdrawPlan", new WithdrawPlanHandler(calls, parts.plans(), parts.clock()));
        handlers.put("replacePlan", new ReplacePlanHandler(calls, parts.plans(), offers, parts.clock()));
        handlers.put("getPlanLabel", new GetPlanLabelHandler(calls, parts.plans()));
        handlers.put("listZones", new ListZonesHandler(calls, parts.zones()));
        handlers.put("createZone", new CreateZoneHandler(calls, parts.zones(), parts.ids(), parts.clock()));
        handlers.put("getZone", new GetZoneHandler(calls, parts.zones()));
        handlers.put("replaceZone", new ReplaceZoneHandler(calls, parts.zones(), parts.clock()));
    }

    private void orders(Parts parts, TenantCalls calls) {
        handlers.put(
                "createQuote",
                new CreateQuoteHandler(calls, parts.plans(), parts.quotes(), parts.ids(), parts.clock()));
        handlers.put("createOrder", new CreateOrderHandler(calls, parts.desk()));
        handlers.put("listTopUps", new ListTopUpsHandler(calls, parts.topUps()));
        handlers.put("listOrders", new ListOrdersHandler(calls, parts.orders()));
        handlers.put("getOrder", new GetOrderHandler(calls, parts.orders()));
    }

    private void subscriptions(Parts parts, TenantCalls calls, SubscriptionReader reader) {
        handlers.put(
                "listSubscriptions", new ListSubscriptionsHandler(calls, parts.subscriptions(), parts.accountReader()));
        handlers.put(
                "findSubscription",
                new FindSubscriptionHandler(calls, parts.subscriptions(), parts.index(), parts.accountReader()));
        handlers.put("getSubscription", new GetSubscriptionHandler(calls, reader));
        handlers.put("getActivation", new GetActivationHandler(calls, reader, parts.clock()));
        handlers.put("getTimeline", new GetTimelineHandler(calls, reader, parts.timeline()));
        handlers.put("resetDownload", new ResetDownloadHandler(calls, reader, parts.resets()));
        handlers.put("replaceProfile", new ReplaceProfileHandler(calls, reader, parts.replacements()));
        Cancellations cancellations =
                new Cancellations(parts.subscriptions(), parts.profiles(), new EventLog(), parts.ids(), parts.clock());
        handlers.put(
                "cancelSubscription", new CancelSubscriptionHandler(calls, reader, parts.accounts(), cancellations));
        handlers.put("endSelfCareLinks", new EndSelfCareLinksHandler(calls, reader, parts.links(), parts.channels()));
        handlers.put("getNotices", new GetNoticesHandler(calls, reader, parts.channels()));
        handlers.put("setNotices", new SetNoticesHandler(calls, reader, parts.channels()));
        handlers.put(
                "exportSubscription",
                new ExportHandler(calls, parts.exports(), new ExportJson(parts.cursors(), parts.clock())));
        handlers.put("eraseSubscription", new EraseHandler(calls, reader, parts.erasures(), parts.links()));
        CaseSummaryStore cases = new CaseSummaryStore();
        handlers.put("listCases", new ListCasesHandler(calls, cases));
        handlers.put("getCase", new GetCaseHandler(calls, cases));
        Questions questions = new Questions(parts.ids(), parts.clock());
        handlers.put("openCase", new OpenCaseHandler(calls, reader, questions, cases));
    }

    private void accounts(Parts parts, TenantCalls calls, SubscriptionReader reader) {
        handlers.put("getUsage", new GetUsageHandler(calls, reader, parts.accountReader(), parts.clock()));
        handlers.put("getBalance", new GetBalanceHandler(calls, reader));
        handlers.put(
                "createTopUp",
                new CreateTopUpHandler(
                        calls, reader, parts.plans(), parts.topUps(), parts.accounts(), parts.ids(), parts.clock()));
        handlers.put("pauseSubscription", act(parts, calls, reader, body -> List.of(AccountAct.PAUSE)));
        handlers.put("suspendSubscription", act(parts, calls, reader, body -> List.of(AccountAct.SUSPEND)));
        handlers.put("resumeSubscription", act(parts, calls, reader, ResellerApi::resume));
        handlers.put("listMembers", new ListMembersHandler(calls, reader, parts.accountReader()));
        handlers.put("setMemberCap", new SetMemberCapHandler(calls, reader, parts.accounts()));
        handlers.put("joinSharedAccount", new JoinSharedHandler(calls, parts.subscriptions(), parts.accounts()));
        handlers.put("leaveSharedAccount", new LeaveSharedHandler(calls, reader, parts.accounts(), parts.profiles()));
        handlers.put("setTimeZone", new SetTimeZoneHandler(calls, reader, parts.accounts()));
        handlers.put("setOverage", new SetOverageHandler(calls, reader, parts.accounts()));
        handlers.put("listLedger", new ListLedgerHandler(calls, reader, parts.accountReader(), parts.clock()));
        handlers.put("explainSubscription", new ExplainHandler(calls, reader, parts.accountReader(), parts.clock()));
        handlers.put("getRules", new GetRulesHandler(calls, reader));
        handlers.put("simulateRules", new SimulateRulesHandler(calls, parts.subscriptions(), parts.ruleRehearsals()));
        handlers.put("replaceRules", new ReplaceRulesHandler(calls, reader, parts.accounts()));
    }

    private static OperationHandler act(
            Parts parts, TenantCalls calls, SubscriptionReader reader, Function<JsonObject, List<AccountAct>> acts) {
        return new AccountActHandler(calls, reader, parts.accounts(), acts);
    }

    /** The traveller's limits and questions are answered only where the reseller passes on the traveller's word. */
    private static List<AccountAct> resume(JsonObject body) {
        return List.of(AccountAct.LIFT, body.getBoolean("goOn", false) ? AccountAct.GO_ON : AccountAct.END_PAUSE);
    }
}

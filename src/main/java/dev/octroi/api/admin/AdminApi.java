package dev.octroi.api.admin;

import dev.octroi.access.ApiClients;
import dev.octroi.access.Partners;
import dev.octroi.access.TenantStore;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.Idempotency;
import dev.octroi.http.OperationHandler;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.rehearsal.DrainRehearsals;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.rsp.order.Resets;
import dev.octroi.rsp.stock.ProfileStock;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Sealer;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.support.BlockLists;
import dev.octroi.support.Cases;
import dev.octroi.support.Evidence;
import dev.octroi.support.Questions;
import dev.octroi.usage.Quarantine;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** All operations of the admin API, by operationId. */
public final class AdminApi {
    private final Map<String, OperationHandler> handlers = new LinkedHashMap<>();

    /**
     * What the operations work with.
     *
     * @param sealer keeps the secrets of connectors
     * @param nudge called after a commit that left something to send
     */
    public record Parts(
            Database database,
            Idempotency idempotency,
            Cursors cursors,
            ApiClients clients,
            Partners partners,
            Sealer sealer,
            AuditLog audit,
            SubscriptionStore subscriptions,
            Accounts accounts,
            AccountReader accountReader,
            Resets resets,
            ProfileStock stock,
            ProfileSource profiles,
            BlindIndex index,
            Ids ids,
            BlockLists blockLists,
            DrainRehearsals rehearsals,
            RuleRehearsals ruleRehearsals,
            Runnable nudge,
            PolicyChanges changes,
            InstantSource clock) {}

    public AdminApi(Parts parts) {
        TenantStore tenants = new TenantStore();
        AdminCalls calls = new AdminCalls(parts.database(), parts.idempotency(), tenants, parts.audit(), parts.clock());
        PartnerConnectors connectors = new PartnerConnectors(parts.partners(), parts.sealer());
        handlers.put("listTenants", new ListTenantsHandler(calls, tenants, parts.cursors()));
        handlers.put("createTenant", new CreateTenantHandler(calls, tenants));
        handlers.put("getTenant", new GetTenantHandler(calls, tenants));
        handlers.put("disableTenant", new TenantSwitchHandler(calls, tenants, true));
        handlers.put("enableTenant", new TenantSwitchHandler(calls, tenants, false));
        handlers.put("listClients", new ListClientsHandler(calls, parts.clients(), parts.cursors()));
        handlers.put("createClient", new CreateClientHandler(calls, parts.clients()));
        handlers.put("getClient", new GetClientHandler(calls, parts.clients()));
        handlers.put("rotateClientSecret", new RotateClientSecretHandler(calls, parts.clients()));
        handlers.put("disableClient", new DisableClientHandler(calls, parts.clients()));
        handlers.put("listPartners", new ListPartnersHandler(parts.partners()));
        handlers.put("registerPartner", new RegisterPartnerHandler(calls, parts.partners(), parts.ids(), connectors));
        handlers.put(
                "replacePartnerConnector", new ReplacePartnerConnectorHandler(calls, parts.partners(), connectors));
        handlers.put("replacePartnerCharging", ReplacePartnerTermsHandler.charging(calls, parts.partners()));
        handlers.put("replacePartnerEs2", ReplacePartnerTermsHandler.es2(calls, parts.partners()));
        handlers.put("disablePartner", new DisablePartnerHandler(calls, parts.partners()));
        handlers.put("listAudit", new ListAuditHandler(calls, parts.audit(), parts.cursors()));
        handlers.putAll(ProfileApi.handlers(calls, parts.stock(), parts.cursors(), parts.ids()));
        handlers.put("getBlockList", new GetBlockListHandler(parts.blockLists()));
        handlers.put("loadBlockList", new LoadBlockListHandler(calls, parts.blockLists()));
        handlers.put("rehearseDrain", new RehearseDrainHandler(calls, parts.rehearsals()));
        handlers.put(
                "rehearseRules",
                new RehearseRulesHandler(calls, parts.changes(), parts.ruleRehearsals(), parts.cursors()));
        handlers.putAll(PolicyChangeApi.handlers(calls, parts.changes(), parts.cursors()));
        accounts(parts, calls);
        handlers.put("resetDownloadFor", new ResetDownloadHandler(calls, parts.subscriptions(), parts.resets()));
        Cases cases = new Cases(
                parts.database(), parts.accounts(), parts.audit(), new EventLog(), parts.ids(), parts.clock());
        Evidence evidence = new Evidence(parts.database(), parts.accountReader(), parts.clock());
        Questions questions = new Questions(parts.ids(), parts.clock());
        handlers.putAll(SupportApi.handlers(calls, parts.subscriptions(), questions, cases, evidence, parts.cursors()));
        handlers.putAll(DeadLetterApi.handlers(calls, parts.cursors(), parts.nudge()));
        handlers.putAll(QuarantineApi.handlers(
                new Quarantine(parts.database(), parts.accounts(), parts.audit(), parts.clock()), parts.cursors()));
    }

    private void accounts(Parts parts, AdminCalls calls) {
        handlers.put("findSubscriptionOfAll", new FindSubscriptionHandler(calls, parts.subscriptions(), parts.index()));
        AccountCalls accounts = new AccountCalls(parts.database(), parts.subscriptions(), parts.accountReader());
        handlers.put("getAccountState", new GetAccountStateHandler(accounts));
        handlers.put("explainAccount", new ExplainAccountHandler(accounts, parts.accountReader(), parts.clock()));
        handlers.put("getAdminRules", new GetAdminRulesHandler(accounts));
        handlers.put("replaceAdminRules", new ReplaceAdminRulesHandler(accounts, parts.accounts()));
        handlers.put("suspendAccount", act(parts, calls, accounts, AccountActs::suspend));
        handlers.put("resumeAccount", act(parts, calls, accounts, AccountActs::resume));
        handlers.put("liftRestriction", act(parts, calls, accounts, AccountActs::lift));
        handlers.put("creditAccount", act(parts, calls, accounts, AccountActs::credit));
        handlers.put("setMemberCapFor", act(parts, calls, accounts, AccountActs::memberCap));
        handlers.put(
                "leaveSharedAccountFor",
                new LeaveSharedHandler(calls, accounts, parts.accounts(), parts.subscriptions(), parts.profiles()));
    }

    private static OperationHandler act(
            Parts parts, AdminCalls calls, AccountCalls accounts, Function<ApiCall, AccountCommand> act) {
        return new AccountActHandler(calls, accounts, parts.accounts(), act);
    }

    /** The handlers, for {@code Routes.handlers}. */
    public Map<String, OperationHandler> handlers() {
        return Map.copyOf(handlers);
    }
}

package dev.octroi.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.Principal;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.app.Consequences;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.Callbacks;
import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.message.CallbackKey;
import dev.octroi.callback.outbox.DispatcherSettings;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.QuoteStore;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Contract;
import dev.octroi.http.ContractResponses;
import dev.octroi.http.Cursors;
import dev.octroi.http.Front;
import dev.octroi.http.Idempotency;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Routes;
import dev.octroi.http.ServerOptions;
import dev.octroi.notice.Channels;
import dev.octroi.privacy.Cards;
import dev.octroi.privacy.Erasures;
import dev.octroi.privacy.Exports;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.rehearsal.RehearsalTurns;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.subscription.OrderDesk;
import dev.octroi.subscription.OrderStore;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.Replacements;
import dev.octroi.subscription.StockTaking;
import dev.octroi.subscription.SubscriptionProfile;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.subscription.TimelineStore;
import dev.octroi.subscription.TopUpStore;
import dev.octroi.support.Alarms;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.ProfileRows;
import dev.octroi.testing.TempFolders;
import dev.octroi.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.sqlclient.SqlConnection;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** The reseller API on a real server and a real database, with two tenants. Every answer is held against the contract. */
final class ResellerServer implements AutoCloseable {
    static final int TENANT = 1;
    static final int OTHER_TENANT = 2;
    static final String ALL_SCOPES =
            "plans:read plans:write orders:read orders:write subscriptions:read subscriptions:write usage:read"
                    + " policies:write cases:read cases:write webhooks:read webhooks:write events:read privacy:read"
                    + " privacy:write";

    final DatabaseConfig config = TestDatabase.create();
    final Vertx vertx = RequestContext.newVertx(new VertxOptions());
    final Contract contract;
    final Database database;
    final FakeProfiles profiles = new FakeProfiles();
    private final AtomicReference<ProfileSource> source = new AtomicReference<>(profiles);

    /** How far the server's clock is ahead of the machine's. */
    final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private final Clock clock = new Shifted(ahead);
    /** While it is set, no account takes a command. */
    final AtomicBoolean busy = new AtomicBoolean();

    private final SecureRandom random = new SecureRandom();
    /** Profiles are made up here. */
    private static final Cards NO_CARDS = new Cards() {
        @Override
        public Future<JsonObject> identifiers(SqlConnection connection, int tenantId, long profileId) {
            return Future.succeededFuture(new JsonObject());
        }

        @Override
        public Future<Void> forget(SqlConnection connection, int tenantId, List<Long> profiles) {
            return Future.succeededFuture();
        }
    };

    final Ids ids = new Ids(clock, random);
    final ProfileRows profileRows;
    private final Keyring keyring;
    private final Sealer sealer;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final ContractResponses responses;
    private final WebClient client;
    final Accounts accounts;
    final Erasures erasures;

    ResellerServer() throws Exception {
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('one', 'One'), ('two', 'Two')");
        database = new Database(vertx, config, 4, 10_000);
        keyring = Keyring.open(TempFolders.create("reseller-test"), random);
        sealer = new Sealer(keyring, random, clock);
        profileRows =
                new ProfileRows(vertx, database, new ProfileVault(sealer, new BlindIndex(keyring)), ids, clock, random);
        idempotency = new Idempotency(sealer, clock);
        erasures = new Erasures(database, NO_CARDS, ids, clock, Duration.ofHours(72), () -> {});
        cursors = new Cursors(keyring.derive("page cursor"));
        accounts = new Accounts(
                vertx,
                database,
                new Decider(DrainDetector.shipped(), Population.shipped()),
                new Consequences(ids).sinks(new Outbox(), new EventLog(), new Alarms(), new AuditLog(), () -> {}),
                clock,
                now -> !busy.get(),
                2);
        contract = await(Contract.load(vertx, "reseller"));
        responses = ContractResponses.of(contract);
        Front front = new Front("public", vertx, ConnectionLimits.DEFAULT, new java.util.Random(1), System::nanoTime);
        Map<String, OperationHandler> handlers = new HashMap<>(api().handlers());
        handlers.putAll(webhooks().handlers());
        Routes.of(contract)
                .security("bearer", ResellerServer::check)
                .handlers(handlers)
                .mount(vertx, front.router());
        int port = await(front.server(ServerOptions.http1("127.0.0.1", 0)).listen())
                .actualPort();
        client = WebClient.create(
                vertx, new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
    }

    private ResellerApi api() throws Exception {
        AccountStore accountStore = new AccountStore();
        OrderDesk desk = new OrderDesk(
                new PlanStore(),
                new QuoteStore(),
                new OrderStore(),
                new SubscriptionStore(),
                new Source(source),
                accountStore,
                new BlindIndex(keyring),
                new EventLog(),
                ids,
                clock,
                () -> {});
        Channels channels = new Channels(
                database, sealer, new BlindIndex(keyring), keyring.derive("notice links"), ids, clock, true);
        return new ResellerApi(new ResellerApi.Parts(
                database,
                idempotency,
                cursors,
                new PlanStore(),
                new ZoneStore(),
                new QuoteStore(),
                new OrderStore(),
                new SubscriptionStore(),
                new TopUpStore(),
                new TimelineStore(),
                desk,
                new Source(source),
                new BlindIndex(keyring),
                accounts,
                new AccountReader(database, clock),
                new RuleRehearsals(vertx, database, clock, Duration.ofMinutes(1), new RehearsalTurns()),
                profileRows.resets(),
                new Replacements(
                        new PlanStore(),
                        new SubscriptionStore(),
                        new Source(source),
                        accountStore,
                        (connection, tenantId, subscription, at) -> Future.succeededFuture(),
                        new BlindIndex(keyring),
                        new EventLog(),
                        ids,
                        clock,
                        () -> {}),
                new SelfCareLinks(
                        database,
                        new BlindIndex(keyring),
                        ids,
                        keyring.derive("self-care link"),
                        clock,
                        Duration.ofDays(30)),
                channels,
                new Exports(NO_CARDS, channels),
                erasures,
                "https://localhost:8443",
                ids,
                clock));
    }

    private WebhookApi webhooks() {
        CallbackClient client = new CallbackClient(vertx, new HttpClientOptions(), 1);
        Callbacks callbacks = new Callbacks(new Callbacks.Parts(
                vertx,
                database,
                DispatcherSettings.standard(Optional.empty(), Optional.empty(), 1),
                ReconcilerSettings.standard(),
                CallbackKey.of(keyring.derive("callback signature")),
                keyring.derive("sink token"),
                "https://localhost:1/",
                "2.999.10",
                client,
                client,
                client,
                address -> Optional.empty(),
                true,
                sealer,
                ids,
                subjects -> Future.succeededFuture(Map.of()),
                (tenant, profile, sequence) -> Future.succeededFuture(Optional.empty()),
                (tenant, partner, key, payload) -> Future.succeededFuture(Optional.empty()),
                (connection, results) -> Future.succeededFuture(),
                clock,
                random,
                new SimpleMeterRegistry()));
        return new WebhookApi(new WebhookApi.Parts(vertx, database, idempotency, cursors, callbacks, clock));
    }

    /** A test token is {@code tenant/client/scopes} or {@code tenant/client/scopes/targets}; the real check has tests of its own. */
    private static Future<Void> check(RoutingContext ctx, List<String> scopes) {
        String header = ctx.request().getHeader("Authorization");
        if (header == null || !header.startsWith("Bearer ")) {
            return Future.failedFuture(Problem.of(ProblemType.UNAUTHENTICATED).toException());
        }
        String[] parts = header.substring(7).split("/", 4);
        if (!Arrays.asList(parts[2].split(" ")).containsAll(scopes)) {
            return Future.failedFuture(Problem.of(ProblemType.FORBIDDEN).toException());
        }
        ctx.put(
                Principal.KEY,
                new Principal(
                        Integer.parseInt(parts[0]),
                        parts[1],
                        Set.of(parts[2].split(" ")),
                        "jti-1",
                        parts.length < 4 ? Set.of() : Set.of(parts[3].split(" ")),
                        OptionalLong.empty(),
                        Instant.MAX));
        return Future.succeededFuture();
    }

    HttpResponse<Buffer> get(int tenant, String path) throws Exception {
        return send(tenant, HttpMethod.GET, path, Map.of(), null);
    }

    HttpResponse<Buffer> get(int tenant, String path, Map<String, String> headers) throws Exception {
        return send(tenant, HttpMethod.GET, path, headers, null);
    }

    HttpResponse<Buffer> post(int tenant, String path, JsonObject body) throws Exception {
        return post(tenant, path, body, UUID.randomUUID().toString());
    }

    HttpResponse<Buffer> post(int tenant, String path, JsonObject body, String key) throws Exception {
        return send(tenant, HttpMethod.POST, path, Map.of("Idempotency-Key", key), body);
    }

    HttpResponse<Buffer> put(int tenant, String path, JsonObject body, String ifMatch) throws Exception {
        return send(tenant, HttpMethod.PUT, path, Map.of("If-Match", ifMatch), body);
    }

    HttpResponse<Buffer> send(int tenant, HttpMethod method, String path, Map<String, String> headers, JsonObject body)
            throws Exception {
        return await(begin(tenant, ALL_SCOPES, method, path, headers, body));
    }

    /** Sends without waiting; the answer is checked when it comes. */
    Future<HttpResponse<Buffer>> begin(
            int tenant, String scopes, HttpMethod method, String path, Map<String, String> headers, JsonObject body) {
        HttpRequest<Buffer> request =
                client.request(method, path).putHeader("Authorization", "Bearer " + tenant + "/shop/" + scopes);
        headers.forEach(request::putHeader);
        Future<HttpResponse<Buffer>> sent = body == null ? request.send() : request.sendJsonObject(body);
        String bare = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
        return sent.map(response -> {
            responses.check(method, bare, response);
            return response;
        });
    }

    /** A created object. */
    JsonObject created(int tenant, String path, JsonObject body) throws Exception {
        HttpResponse<Buffer> response = post(tenant, path, body);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(201);
        return response.bodyAsJsonObject();
    }

    /** The plan of the demo, on sale. */
    String francePlan(int tenant) throws Exception {
        return created(tenant, "/v1/plans", Bodies.plan()).getString("id");
    }

    /** A subscription to the plan of the demo. */
    String subscription(int tenant) throws Exception {
        JsonObject order = created(tenant, "/v1/orders", Bodies.order(francePlan(tenant)));
        return order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
    }

    /** From now on orders go to another SM-DP+. */
    Elsewhere elsewhere() {
        Elsewhere elsewhere = new Elsewhere(this, sealer, new BlindIndex(keyring));
        source.set(elsewhere.source());
        return elsewhere;
    }

    /** The machine's clock, moved. */
    private static final class Shifted extends Clock {
        private final AtomicReference<Duration> ahead;

        Shifted(AtomicReference<Duration> ahead) {
            this.ahead = ahead;
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Where profiles come from at the moment. */
    private record Source(AtomicReference<ProfileSource> present) implements ProfileSource {
        @Override
        public boolean isImmediate() {
            return present.get().isImmediate();
        }

        @Override
        public Future<Optional<Identity>> order(SqlConnection connection, int tenantId, long profileId, String name) {
            return present.get().order(connection, tenantId, profileId, name);
        }

        @Override
        public Future<Boolean> isStocked(SqlConnection connection, int tenantId, String profileType) {
            return present.get().isStocked(connection, tenantId, profileType);
        }

        @Override
        public Future<StockTaking> take(SqlConnection connection, int tenantId, String profileType, int quantity) {
            return present.get().take(connection, tenantId, profileType, quantity);
        }

        @Override
        public Future<Optional<StockTaking.Stocked>> takeInstead(
                SqlConnection connection, int tenantId, String profileType) {
            return present.get().takeInstead(connection, tenantId, profileType);
        }

        @Override
        public Future<Optional<Withdrawal>> withdraw(
                SqlConnection connection, int tenantId, long profileId, String by, String reason) {
            return present.get().withdraw(connection, tenantId, profileId, by, reason);
        }

        @Override
        public void ordered() {
            present.get().ordered();
        }

        @Override
        public Future<Optional<SubscriptionProfile>> find(SqlConnection connection, int tenantId, long profileId) {
            return present.get().find(connection, tenantId, profileId);
        }
    }

    /** A command of somebody else about a subscription of the first tenant, by its path. */
    void submit(String path, AccountCommand command) throws Exception {
        long subscription = PublicId.SUBSCRIPTION
                .parse(path.substring(path.lastIndexOf('/') + 1))
                .orElseThrow();
        long account = await(
                        database.inWorker(connection -> new SubscriptionStore().find(connection, TENANT, subscription)))
                .orElseThrow()
                .accountId();
        assertThat(await(accounts.submit(new AccountKey(TENANT, account), command)))
                .isInstanceOf(Outcome.Accepted.class);
    }

    /** Something that happened to a subscription. */
    void event(int tenant, long subscriptionId, String type, JsonObject data) throws Exception {
        Event event =
                new Event(tenant, ids.next(Ids.shardOf(subscriptionId)), type, subscriptionId, data, clock.instant());
        await(database.inWorker(connection -> new EventLog().append(connection, List.of(event))));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        client.close();
        await(database.close());
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}

package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.ApiClients;
import dev.octroi.access.Partners;
import dev.octroi.access.Principal;
import dev.octroi.app.Consequences;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Sharing;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Contract;
import dev.octroi.http.ContractResponses;
import dev.octroi.http.Cursors;
import dev.octroi.http.Front;
import dev.octroi.http.Idempotency;
import dev.octroi.http.Routes;
import dev.octroi.http.ServerOptions;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.TrustDomain;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.rehearsal.DrainRehearsals;
import dev.octroi.quota.rehearsal.RehearsalTurns;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.rollout.ChangeRules;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.rollout.RolloutJob;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.stock.ProfileStock;
import dev.octroi.rsp.stock.TransportKeys;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.support.Alarms;
import dev.octroi.support.BlockLists;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.ProfileRows;
import dev.octroi.testing.TestDatabase;
import dev.octroi.usage.Countries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The admin API over real HTTP and PostgreSQL; a credential is {@code tenant/subject/scopes} in clear, targets after it. */
final class AdminServer {
    final DatabaseConfig config;
    final Database database;
    final DevPki pki;
    final Vertx vertx;
    final Accounts accounts;
    final RolloutJob rollouts;

    final Ids ids;
    final Sealer sealer;
    final BlindIndex index;
    final ProfileRows profileRows;
    private final ContractResponses responses;
    private final WebClient client;
    private final int port;
    private int keys;

    AdminServer(Path folder) throws Exception {
        this(folder, TransportKeys.none());
    }

    AdminServer(Path folder, TransportKeys transportKeys) throws Exception {
        InstantSource clock = InstantSource.system();
        SecureRandom random = new SecureRandom();
        config = TestDatabase.create();
        vertx = RequestContext.newVertx(new VertxOptions());
        database = new Database(vertx, config, 8, 5_000);
        pki = DevPki.ensure(folder.resolve("pki"), clock, random);
        Keyring keyring = Keyring.open(folder, random);
        ids = new Ids(clock, random);
        index = new BlindIndex(keyring);
        sealer = new Sealer(keyring, random, clock);
        profileRows = new ProfileRows(
                vertx, database, new ProfileVault(new Sealer(keyring, random, clock), index), ids, clock, random);
        Idempotency idempotency = new Idempotency(new Sealer(keyring, random, clock), clock);
        PartnerTrust trust = PartnerTrust.load(pki.trust(TrustDomain.NETWORK, TrustDomain.SM_DP), clock);
        accounts = new Accounts(
                vertx,
                database,
                new Decider(DrainDetector.shipped(), Population.shipped()),
                new Consequences(ids).sinks(new Outbox(), new EventLog(), new Alarms(), new AuditLog(), () -> {}),
                clock,
                now -> true,
                2);
        ChangeRules rules = new ChangeRules(3, Duration.ofHours(1), Duration.ZERO);
        PolicyChanges changes = new PolicyChanges(rules, new AuditLog(), new EventLog(), ids, clock);
        rollouts = new RolloutJob(vertx, database, accounts, changes, rules, clock, now -> true);
        AdminApi api = new AdminApi(new AdminApi.Parts(
                database,
                idempotency,
                new Cursors(keyring.derive("page cursor")),
                new ApiClients(vertx, database, random, clock),
                new Partners(database, trust, clock),
                sealer,
                new AuditLog(),
                new SubscriptionStore(),
                accounts,
                new AccountReader(database, clock),
                profileRows.resets(),
                ProfileStock.open(
                        vertx,
                        database,
                        new ProfileVault(new Sealer(keyring, random, clock), new BlindIndex(keyring)),
                        transportKeys,
                        ids,
                        clock),
                new ProfilesElsewhere(),
                index,
                ids,
                new BlockLists(vertx, database),
                new DrainRehearsals(vertx, database, clock, Countries::of, new RehearsalTurns()),
                new RuleRehearsals(vertx, database, clock, Duration.ofMinutes(1), new RehearsalTurns()),
                () -> {},
                changes,
                clock));
        Contract contract = await(Contract.load(vertx, "admin"));
        responses = ContractResponses.of(contract);
        Front front = new Front("admin", vertx, ConnectionLimits.DEFAULT, new Random(1), System::nanoTime);
        Routes.of(contract)
                .security("bearer", AdminServer::check)
                .handlers(api.handlers())
                .mount(vertx, front.router());
        HttpServer server =
                await(front.server(ServerOptions.http1("127.0.0.1", 0)).listen());
        port = server.actualPort();
        client = WebClient.create(vertx);
    }

    private static Future<Void> check(RoutingContext ctx, List<String> scopes) {
        String[] parts = ctx.request().getHeader("Authorization").split("/", 4);
        Principal principal = new Principal(
                Integer.parseInt(parts[0]),
                parts[1],
                Set.of(parts[2].split(" ", -1)),
                "jti-1",
                parts.length < 4 ? Set.of() : Set.of(parts[3].split(" ", -1)),
                OptionalLong.empty(),
                InstantSource.system().instant().plusSeconds(60));
        principal.require(scopes);
        ctx.put(Principal.KEY, principal);
        return Future.succeededFuture();
    }

    /** A subscription with a running account of three gigabytes; the order behind it is left out. */
    long subscription(int tenantId) throws Exception {
        long id = ids.next();
        subscription(tenantId, id, ids.next(Ids.shardOf(id)));
        return id;
    }

    /** Two subscriptions on one volume of three gigabytes. */
    Family family(int tenantId) throws Exception {
        long owner = ids.next();
        PlanTerms terms = AccountFixture.france().with(new Sharing(4, 0, null));
        AccountKey ownerKey = open(tenantId, owner, terms);
        row(owner, ids.next(Ids.shardOf(owner)), ownerKey);
        long member = ids.next(Ids.shardOf(owner));
        AccountKey key = new AccountKey(tenantId, ids.next(Ids.shardOf(owner)));
        await(database.inTenant(
                tenantId,
                connection -> new AccountStore()
                        .openMember(connection, ownerKey, key, member, AccountFixture.PARIS, Instant.now())));
        row(member, ids.next(Ids.shardOf(owner)), key);
        return new Family(owner, member);
    }

    /** The subscriptions of a family. */
    record Family(long owner, long member) {}

    /** The same with given numbers of subscription and profile. */
    void subscription(int tenantId, long id, long profileId) throws Exception {
        row(id, profileId, open(tenantId, id, AccountFixture.france()));
    }

    /** Lets the SIM of an ICCID be the account's. */
    void link(AccountKey key, String iccid) throws Exception {
        byte[] hash = index.network(IdentifierKind.ICCID, iccid);
        await(database.inTenant(key.tenantId(), connection -> new AccountLinkStore().link(connection, key, hash)));
    }

    private AccountKey open(int tenantId, long id, PlanTerms terms) throws Exception {
        AccountKey key = new AccountKey(tenantId, ids.next(Ids.shardOf(id)));
        NewAccount account = new NewAccount(key, id, terms, AccountFixture.PARIS, Instant.now());
        await(database.inTenant(tenantId, connection -> new AccountStore().open(connection, account)));
        return key;
    }

    private void row(long id, long profileId, AccountKey key) throws Exception {
        int tenantId = key.tenantId();
        TestDatabase.execute(
                config,
                "SET session_replication_role = replica",
                "INSERT INTO plan VALUES (%d, 1, 1, 'p', 1, 'EUR', '{}', '{}', '{}', sha256('x'), now())"
                                .formatted(tenantId)
                        + " ON CONFLICT DO NOTHING",
                "INSERT INTO subscription VALUES (%d, %d, %d, 1, 1, 1, %d, %d, 'Europe/Paris', 'fr', now())"
                        .formatted(tenantId, Ids.shardOf(id), id, profileId, key.accountId()));
    }

    /** Sends a request with a fresh key and holds the answer against the contract. */
    HttpResponse<Buffer> call(String credential, HttpMethod method, String path, @Nullable JsonObject body)
            throws Exception {
        return call(credential, method, path, body, "key-" + keys++, null);
    }

    HttpResponse<Buffer> call(
            String credential,
            HttpMethod method,
            String path,
            @Nullable JsonObject body,
            String key,
            @Nullable String ifMatch)
            throws Exception {
        HttpRequest<Buffer> request = client.request(method, port, "127.0.0.1", "/admin/v1" + path)
                .putHeader("Authorization", credential)
                .putHeader("Idempotency-Key", key);
        if (ifMatch != null) {
            request.putHeader("If-Match", ifMatch);
        }
        HttpResponse<Buffer> response = await(body == null ? request.send() : request.sendJsonObject(body));
        responses.check(method, "/admin/v1" + path.replaceAll("\\?.*", ""), response);
        assertThat(response.statusCode()).as(response.bodyAsString()).isLessThan(500);
        return response;
    }

    /** Asks for what was read before, by its tag. */
    HttpResponse<Buffer> callUnless(String ifNoneMatch, String credential, String path) throws Exception {
        HttpResponse<Buffer> response = await(client.request(HttpMethod.GET, port, "127.0.0.1", "/admin/v1" + path)
                .putHeader("Authorization", credential)
                .putHeader("If-None-Match", ifNoneMatch)
                .send());
        responses.check(HttpMethod.GET, "/admin/v1" + path, response);
        return response;
    }

    /** Sends a file. */
    HttpResponse<Buffer> upload(String credential, String path, String mediaType, Buffer file) throws Exception {
        HttpResponse<Buffer> response = await(client.request(HttpMethod.PUT, port, "127.0.0.1", "/admin/v1" + path)
                .putHeader("Authorization", credential)
                .putHeader("Content-Type", mediaType)
                .sendBuffer(file));
        responses.check(HttpMethod.PUT, "/admin/v1" + path.replaceAll("\\?.*", ""), response);
        assertThat(response.statusCode()).as(response.bodyAsString()).isLessThan(500);
        return response;
    }

    Future<HttpResponse<Buffer>> send(String credential, HttpMethod method, String path, JsonObject body, String key) {
        return client.request(method, port, "127.0.0.1", "/admin/v1" + path)
                .putHeader("Authorization", credential)
                .putHeader("Idempotency-Key", key)
                .sendJsonObject(body);
    }

    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}

package dev.octroi.web.console;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.SigningKeys;
import dev.octroi.access.TokenGrant;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.access.TokenVerifier;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Reason;
import dev.octroi.drain.Verdict;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Front;
import dev.octroi.http.ServerOptions;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.rollout.ChangeRules;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.subscription.TimelineStore;
import dev.octroi.support.AlarmReport;
import dev.octroi.support.Alarms;
import dev.octroi.support.Cases;
import dev.octroi.testing.TempFolders;
import dev.octroi.testing.TestDatabase;
import dev.octroi.usage.Quarantine;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The console on a real server and a real database, with two tenants; its clock stands still until moved. */
final class ConsoleServer implements AutoCloseable {
    static final String EVERYTHING = "subscriptions:read cases:read policies:read usage:read";

    final QuotaFixture fixture = new QuotaFixture();
    final TokenIssuer issuer;
    final int port;

    private final WebClient client;

    ConsoleServer() throws Exception {
        TestDatabase.execute(fixture.config, "INSERT INTO tenant (slug, name) VALUES ('bolt', 'Bolt <Travel>')");
        SecureRandom random = new SecureRandom();
        SigningKeys keys = SigningKeys.open(TempFolders.create("console-test"), fixture.clock, random);
        TokenRules rules = TokenRules.of(Optional.empty(), Duration.ofMinutes(10));
        issuer = new TokenIssuer(keys, rules, fixture.clock, random);
        Front front =
                new Front("public", fixture.vertx, ConnectionLimits.DEFAULT, new java.util.Random(1), System::nanoTime);
        new ConsolePages(new ConsolePages.Parts(
                        fixture.database,
                        new TokenVerifier(fixture.vertx, keys, rules, fixture.clock),
                        new AccountReader(fixture.database, fixture.clock),
                        new TimelineStore(),
                        new Cases(
                                fixture.database,
                                fixture.accounts,
                                new AuditLog(),
                                new EventLog(),
                                fixture.ids,
                                fixture.clock),
                        new Quarantine(fixture.database, fixture.accounts, new AuditLog(), fixture.clock),
                        changes(),
                        fixture.clock,
                        random))
                .mount(front.router());
        port = await(front.server(ServerOptions.http1("127.0.0.1", 0)).listen()).actualPort();
        client = WebClient.create(
                fixture.vertx,
                new WebClientOptions()
                        .setDefaultHost("127.0.0.1")
                        .setDefaultPort(port)
                        .setFollowRedirects(false));
    }

    /** Changes over many subscriptions, which one person may make alone. */
    PolicyChanges changes() {
        return new PolicyChanges(
                new ChangeRules(1, Duration.ofHours(1), Duration.ZERO),
                new AuditLog(),
                new EventLog(),
                fixture.ids,
                fixture.clock);
    }

    /** An access token. */
    String token(int tenant, String scopes) {
        return issuer.issue(TokenGrant.of(tenant, "ada", Set.of(scopes.split(" "))));
    }

    HttpResponse<Buffer> login(String token) {
        return await(client.post("/console/login")
                .sendForm(MultiMap.caseInsensitiveMultiMap().set("token", token)));
    }

    /** Signs in; the value of the Cookie field from then on. */
    String cookie(int tenant, String scopes) {
        HttpResponse<Buffer> response = login(token(tenant, scopes));
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(303);
        String cookie = response.getHeader("Set-Cookie");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    HttpResponse<Buffer> get(String cookie, String path) {
        return await(request(cookie, path, false).send());
    }

    HttpResponse<Buffer> post(String cookie, String path, String name, String value) {
        return await(request(cookie, path, true)
                .sendForm(MultiMap.caseInsensitiveMultiMap().set(name, value)));
    }

    HttpRequest<Buffer> request(String cookie, String path, boolean post) {
        HttpRequest<Buffer> request = post ? client.post(path) : client.get(path);
        return cookie.isEmpty() ? request : request.putHeader("Cookie", cookie);
    }

    /** A subscription of a tenant to a plan of its own, with three gigabytes; also its account's key. */
    Sold sell(int tenant, String planName) throws SQLException {
        return sell(tenant, planName, AccountFixture.france());
    }

    /** The same with other terms. */
    Sold sell(int tenant, String planName, PlanTerms terms) throws SQLException {
        long id = fixture.ids.next();
        AccountKey key = new AccountKey(tenant, fixture.ids.next(Ids.shardOf(id)));
        NewAccount account = new NewAccount(key, id, terms, AccountFixture.PARIS, fixture.now.get());
        await(fixture.database.inTenant(tenant, connection -> new AccountStore().open(connection, account)));
        return sold(key, id, planName);
    }

    /** A subscription that spends another one's volume. */
    Sold join(Sold owner, String planName) throws SQLException {
        long id = fixture.ids.next(owner.key().vshard());
        AccountKey key = new AccountKey(
                owner.key().tenantId(), fixture.ids.next(owner.key().vshard()));
        await(fixture.database.inTenant(
                key.tenantId(),
                connection -> new AccountStore()
                        .openMember(connection, owner.key(), key, id, AccountFixture.PARIS, fixture.now.get())));
        return sold(key, id, planName);
    }

    private Sold sold(AccountKey key, long id, String planName) throws SQLException {
        int tenant = key.tenantId();
        int shard = Ids.shardOf(id);
        long plan = fixture.ids.next();
        long order = fixture.ids.next(shard);
        insert(
                "INSERT INTO plan VALUES (?, ?, 1, ?, 9, 'EUR', '{}', '{}', '{}', decode(repeat('00', 32), 'hex'), now())",
                tenant,
                plan,
                planName);
        insert(
                "INSERT INTO purchase VALUES (?, ?, ?, 'completed', ?, 1, 1, 9, 'EUR', NULL, now())",
                tenant,
                shard,
                order,
                plan);
        insert(
                "INSERT INTO subscription VALUES (?, ?, ?, ?, ?, 1, ?, ?, 'Europe/Paris', 'en', '2026-11-23T09:00:00Z')",
                tenant,
                shard,
                id,
                order,
                plan,
                fixture.ids.next(shard),
                key.accountId());
        return new Sold(key, id);
    }

    record Sold(AccountKey key, long id) {
        String name() {
            return PublicId.SUBSCRIPTION.format(id);
        }
    }

    /** An open alarm with its case. */
    void alarm(Sold sold) {
        int shard = Ids.shardOf(sold.id());
        Verdict.Alarm alarm = new Verdict.Alarm(
                DrainKind.NIGHT,
                1,
                fixture.now.get().getEpochSecond() - 7_200,
                new ByteRange(0, AccountFixture.MB),
                400 * AccountFixture.MB,
                399 * AccountFixture.MB,
                Category.CLOUD,
                "FR",
                List.of(new Reason("night_upload", 1.5, "night")),
                0.9,
                1,
                false);
        AlarmReport report = new AlarmReport(
                sold.key().tenantId(),
                fixture.ids.next(shard),
                fixture.ids.next(shard),
                sold.id(),
                alarm,
                fixture.now.get());
        await(fixture.database.inWorker(connection -> new Alarms().open(connection, List.of(report))));
    }

    /** A callback that waits after failed attempts. */
    void failing(Sold sold, String error) throws SQLException {
        insert(
                """
                INSERT INTO outbox (tenant_id, vshard, id, stream, key, version, created_at, next_at, attempts,
                  last_status, last_error)
                VALUES (?, ?, ?, 'es2', ?, 1, '2026-11-23T09:57:00Z', '2026-11-23T10:01:00Z', 3, 502, ?)
                """,
                sold.key().tenantId(),
                (int) Ids.shardOf(sold.id()),
                fixture.ids.next(Ids.shardOf(sold.id())),
                sold.id(),
                error);
    }

    /** A policy that the network took a quarter of a second after it was decided. */
    void delivered(Sold sold) throws SQLException {
        insert(
                """
                INSERT INTO outbox (tenant_id, vshard, id, stream, key, version, created_at, next_at, attempts,
                  last_status, state, done_at)
                VALUES (?, ?, ?, 'network', ?, 99, '2026-11-23T09:57:00Z', '2026-11-23T09:57:00Z', 1, 204, 'delivered',
                  '2026-11-23T09:57:00.25Z')
                """,
                sold.key().tenantId(),
                (int) Ids.shardOf(sold.id()),
                fixture.ids.next(Ids.shardOf(sold.id())),
                sold.id());
    }

    /** An event of any object that a webhook took. */
    void heard(int tenant, String type, long subjectId) throws SQLException {
        Event event = new Event(
                tenant, fixture.ids.next(Ids.shardOf(subjectId)), type, subjectId, new JsonObject(), fixture.now.get());
        await(fixture.database.inWorker(connection -> new EventLog().append(connection, List.of(event))));
        insert("""
                INSERT INTO outbox (tenant_id, vshard, id, stream, endpoint_id, key, version, created_at, next_at, attempts,
                  last_status, state, done_at)
                VALUES (?, ?, ?, 'webhook', 7, ?, ?, '2026-11-23T09:57:00Z', '2026-11-23T09:57:00Z', 1, 204, 'delivered',
                  '2026-11-23T09:57:00.25Z')
                """, tenant, (int) Ids.shardOf(event.id()), event.id(), subjectId, event.id());
    }

    /** A download that failed for want of room. */
    void step(Sold sold) {
        JsonObject device = new JsonObject()
                .put("tac", "35290611")
                .put("specVersion", "2.2.2")
                .put("firmware", "1.0.0")
                .put("freeMemoryBytes", 24_576);
        Event event = new Event(
                sold.key().tenantId(),
                fixture.ids.next(Ids.shardOf(sold.id())),
                "profile.download_progress",
                sold.id(),
                new JsonObject()
                        .put("step", "installed")
                        .put("ok", false)
                        .put("subjectCode", "8.1")
                        .put("reasonCode", "4.8")
                        .put("detail", "install.10")
                        .put("state", "released")
                        .put("attempts", 1)
                        .put("device", device),
                fixture.now.get());
        await(fixture.database.inWorker(connection -> new EventLog().append(connection, List.of(event))));
    }

    /** Runs a statement as the database's owner. */
    void insert(String sql, Object... parameters) throws SQLException {
        try (var connection = TestDatabase.connect(fixture.config);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    @Override
    public void close() {
        client.close();
        fixture.close();
    }
}

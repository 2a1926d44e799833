package dev.octroi.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.http.FailedTries;
import dev.octroi.http.ProblemHandler;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways in, over real HTTP and TLS with a real database. */
class AccessTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TokenRules RULES = TokenRules.of(Optional.empty(), Duration.ofMinutes(10));

    @TempDir
    static Path data;

    private static final AtomicLong SUBSCRIPTIONS = new AtomicLong();

    private static DatabaseConfig config;
    private static Vertx vertx;
    private static Database database;
    private static DevPki pki;
    private static PartnerTrust trust;
    private static ApiClients clients;
    private static ApiClients.Created client;
    private static SelfCareLinks links;
    private static Partners partners;
    private static SigningKeys keys;
    private static TokenIssuer issuer;
    private static HttpServer open;
    private static HttpServer mutual;
    private static WebClient web;

    @BeforeAll
    static void start() throws Exception {
        config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('shop', 'Shop'), ('gone', 'Gone')");
        vertx = Vertx.vertx();
        database = new Database(vertx, config, 4, 5_000);
        web = WebClient.create(vertx);
        pki = DevPki.ensure(data.resolve("pki"), CLOCK, RANDOM);
        trust = PartnerTrust.load(pki.trust(TrustDomain.NETWORK, TrustDomain.SM_DP), CLOCK);
        keys = SigningKeys.open(data, CLOCK, RANDOM);
        issuer = new TokenIssuer(keys, RULES, CLOCK, RANDOM);
        clients = new ApiClients(vertx, database, RANDOM, CLOCK);
        Keyring keyring = Keyring.open(data, RANDOM);
        links = new SelfCareLinks(
                database,
                new BlindIndex(keyring),
                new Ids(CLOCK, RANDOM),
                keyring.derive("self-care link"),
                CLOCK,
                Duration.ofDays(60));
        partners = new Partners(database, trust, CLOCK);
        client = await(database.inTenant(
                1, connection -> clients.create(connection, 1, "Shop", Set.of("orders:write", "plans:read"))));
        BearerCheck bearer = new BearerCheck(new TokenVerifier(vertx, keys, RULES, CLOCK));
        Router router = Router.router(vertx);
        new TokenEndpoint(clients, issuer, keys).mount(router, tries());
        Authorize authorize = new Authorize(bearer);
        for (String scope : Scopes.GRANTABLE) {
            router.get(need(scope)).handler(authorize.scope(scope)).handler(ctx -> ctx.end("in"));
        }
        router.get("/self/:token")
                .handler(ctx -> links.find(ctx.pathParam("token"))
                        .onSuccess(found -> ctx.response()
                                .setStatusCode(found.isPresent() ? 200 : 401)
                                .end(found.map(traveller -> traveller.tenantId() + " "
                                                + traveller.subscriptionId().orElseThrow())
                                        .orElse(""))));
        open = await(server(router, new HttpServerOptions()));
        Router operator = Router.router(vertx);
        operator.get("/report")
                .handler(ctx -> partners.check(ctx, List.of("usage:report"))
                        .onSuccess(passed -> ctx.end(Partner.of(ctx).name()))
                        .onFailure(ctx::fail));
        ServerTls tls = ServerTls.mutual(() -> TlsMaterial.read(pki.operatorServer(), CLOCK), trust);
        mutual = await(server(operator, tls.applyTo(new HttpServerOptions())));
    }

    private static HttpResponse<Buffer> self(String token) {
        return get("/self/" + token, null);
    }

    private static FailedTries tries() {
        return new FailedTries(1_000, System::nanoTime);
    }

    @AfterAll
    static void stop() {
        await(clients.close());
        await(database.close());
        await(vertx.close());
    }

    @Test
    void clientGetsATokenByHeaderAndByBody() {
        String body = "grant_type=client_credentials&scope=orders%3Awrite";
        HttpResponse<Buffer> byHeader =
                token(body, basic(client.clientId(), client.secret().reveal()));
        HttpResponse<Buffer> byBody = token(
                "grant_type=client_credentials&client_id=" + client.clientId() + "&client_secret="
                        + client.secret().reveal(),
                null);
        assertThat(byHeader.statusCode()).isEqualTo(200);
        assertThat(byHeader.getHeader("Cache-Control")).isEqualTo("no-store");
        assertThat(byHeader.bodyAsJsonObject().getString("scope")).isEqualTo("orders:write");
        assertThat(byHeader.bodyAsJsonObject().getLong("expires_in")).isEqualTo(600);
        assertThat(byBody.bodyAsJsonObject().getString("scope")).isEqualTo("orders:write plans:read");
        String token = byHeader.bodyAsJsonObject().getString("access_token");
        assertThat(get(need("orders:write"), token).statusCode()).isEqualTo(200);
        assertThat(get(need("plans:read"), token).statusCode()).isEqualTo(403);
    }

    @Test
    void tokenEndpointAnswersWithTheErrorsOfTheStandard() {
        String good = basic(client.clientId(), client.secret().reveal());
        assertError(400, "invalid_request", token("scope=plans%3Aread", good));
        assertError(400, "invalid_request", token("grant_type=client_credentials&grant_type=client_credentials", good));
        assertError(400, "invalid_request", token("grant_type=client_credentials&client_secret=x", good));
        assertError(400, "invalid_request", token("grant_type=client_credentials&a=%zz", good));
        assertError(400, "unsupported_grant_type", token("grant_type=password", good));
        assertError(400, "invalid_scope", token("grant_type=client_credentials&scope=audit%3Aread", good));
        assertError(400, "invalid_scope", token("grant_type=client_credentials&scope=%7B%7D", good));
        assertError(401, "invalid_client", token("grant_type=client_credentials", null));
        for (String bad : List.of(
                basic(client.clientId(), "wrong"),
                basic("cli_0000000000000000", "wrong"),
                basic("' OR 1=1 --", "\0"),
                "Basic ???",
                "Basic " + Base64.getEncoder().encodeToString("nocolon".getBytes(StandardCharsets.UTF_8)),
                "Bearer x")) {
            HttpResponse<Buffer> refused = token("grant_type=client_credentials", bad);
            assertError(401, "invalid_client", refused);
            assertThat(refused.getHeader("WWW-Authenticate")).startsWith("Basic ");
        }
        HttpResponse<Buffer> json = await(web.post(open.actualPort(), "localhost", "/oauth/token")
                .putHeader("Authorization", good)
                .sendJsonObject(new JsonObject().put("grant_type", "client_credentials")));
        assertError(400, "invalid_request", json);
    }

    @Test
    void disabledClientAndClientOfADisabledTenantGetNoToken() {
        ApiClients.Created other =
                await(database.inTenant(2, connection -> clients.create(connection, 2, "Gone", Set.of("plans:read"))));
        String good = basic(other.clientId(), other.secret().reveal());
        assertThat(token("grant_type=client_credentials", good).statusCode()).isEqualTo(200);
        assertThat(turnTenant(true)).isTrue();
        assertThat(turnTenant(true)).as("so already").isFalse();
        assertError(401, "invalid_client", token("grant_type=client_credentials", good));
        assertThat(turnTenant(false)).isTrue();
        assertThat(token("grant_type=client_credentials", good).statusCode()).isEqualTo(200);
        boolean disabled = await(database.inTenant(2, connection -> clients.disable(connection, 2, other.clientId())));
        assertThat(disabled).isTrue();
        assertError(401, "invalid_client", token("grant_type=client_credentials", good));
    }

    private static boolean turnTenant(boolean disabled) {
        return await(
                database.inWorker(connection -> new TenantStore().disable(connection, 2, disabled, CLOCK.instant())));
    }

    @Test
    void bothSecretsAreGoodUntilTheOverlapEndsAndOnlyTheNewOneAfterIt() {
        ApiClients.Created made = await(
                database.inTenant(1, connection -> clients.create(connection, 1, "Turned", Set.of("plans:read"))));
        String first = basic(made.clientId(), made.secret().reveal());
        String second = basic(
                made.clientId(),
                rotate(made.clientId(), Optional.of(CLOCK.instant().plusSeconds(60))));
        String grant = "grant_type=client_credentials";
        assertThat(token(grant, first).statusCode()).isEqualTo(200);
        assertThat(token(grant, second).statusCode()).isEqualTo(200);
        assertError(401, "invalid_client", token(grant, basic(made.clientId(), "wrong")));
        TestDatabase.execute(
                config,
                "UPDATE api_client SET previous_until = now() - interval '1 second' WHERE client_id = '"
                        + made.clientId() + "'");
        assertError(401, "invalid_client", token(grant, first));
        assertThat(token(grant, second).statusCode()).isEqualTo(200);
        String third = basic(made.clientId(), rotate(made.clientId(), Optional.empty()));
        assertError(401, "invalid_client", token(grant, second));
        assertThat(token(grant, third).statusCode()).isEqualTo(200);
    }

    private static String rotate(String clientId, Optional<Instant> previousUntil) {
        return await(database.inTenant(1, connection -> clients.rotate(connection, 1, clientId, previousUntil)))
                .reveal();
    }

    @Test
    void strangersKeepNobodyFromItsToken() throws Exception {
        List<Future<HttpResponse<Buffer>>> strangers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            strangers.add(web.post(open.actualPort(), "localhost", "/oauth/token")
                    .putHeader("Authorization", basic("cli_" + i, "no secret"))
                    .putHeader("Content-Type", "application/x-www-form-urlencoded")
                    .sendBuffer(Buffer.buffer("grant_type=client_credentials")));
        }
        String good = basic(client.clientId(), client.secret().reveal());
        assertThat(token("grant_type=client_credentials", good).statusCode()).isEqualTo(200);
        for (Future<HttpResponse<Buffer>> stranger : strangers) {
            assertError(401, "invalid_client", await(stranger));
        }
    }

    @Test
    void hashOfAnEarlierVersionIsReplacedOnceItsSecretIsShown() throws Exception {
        ApiClients.Created old =
                await(database.inTenant(1, connection -> clients.create(connection, 1, "Old", Set.of("plans:read"))));
        SecretHash slow = SecretHash.of(old.secret().reveal(), RANDOM, 600_000);
        HexFormat hex = HexFormat.of();
        TestDatabase.execute(
                config,
                "UPDATE api_client SET secret_salt = '\\x" + hex.formatHex(slow.salt()) + "', secret_hash = '\\x"
                        + hex.formatHex(slow.hash()) + "', secret_iterations = 600000 WHERE client_id = '"
                        + old.clientId() + "'");
        String iterations = "SELECT secret_iterations::text FROM api_client WHERE client_id = '" + old.clientId() + "'";

        assertError(401, "invalid_client", token("grant_type=client_credentials", basic(old.clientId(), "wrong")));
        assertThat(TestDatabase.rows(config, iterations)).containsExactly("600000");

        String good = basic(old.clientId(), old.secret().reveal());
        assertThat(token("grant_type=client_credentials", good).statusCode()).isEqualTo(200);
        assertThat(TestDatabase.rows(config, iterations)).containsExactly("1");
        assertThat(token("grant_type=client_credentials", good).statusCode()).isEqualTo(200);
        assertError(401, "invalid_client", token("grant_type=client_credentials", basic(old.clientId(), "wrong")));
    }

    @Test
    void everyScopeOpensItsOwnRouteAndNoOther() {
        for (String granted : Scopes.GRANTABLE) {
            String token = issuer.issue(TokenGrant.of(1, "matrix", Set.of(granted)));
            for (String needed : Scopes.GRANTABLE) {
                HttpResponse<Buffer> answer = get(need(needed), token);
                assertThat(answer.statusCode())
                        .as("%s with %s", needed, granted)
                        .isEqualTo(granted.equals(needed) ? 200 : 403);
                if (!granted.equals(needed)) {
                    assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("insufficient_scope");
                    assertThat(answer.getHeader("WWW-Authenticate"))
                            .contains("insufficient_scope")
                            .contains(needed);
                }
            }
        }
    }

    @Test
    void requestWithoutAValidTokenIsChallenged() {
        HttpResponse<Buffer> none = get(need("plans:read"), null);
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.getHeader("WWW-Authenticate")).isEqualTo("Bearer realm=\"octroi\"");
        assertThat(none.getHeader("Content-Type")).startsWith("application/problem+json");
        HttpResponse<Buffer> forged = get(need("plans:read"), "a.b.c");
        assertThat(forged.statusCode()).isEqualTo(401);
        assertThat(forged.getHeader("WWW-Authenticate")).contains("error=\"invalid_token\"");
        HttpResponse<Buffer> twice = await(web.get(open.actualPort(), "localhost", need("plans:read"))
                .putHeader("Authorization", List.of("Bearer x", "Bearer y"))
                .send());
        assertThat(twice.statusCode()).isEqualTo(401);
    }

    @Test
    void tokenBoundToACertificateIsRefusedWithoutIt() {
        String bound = issuer.issue(new TokenGrant(
                1, "bound", Set.of("plans:read"), Set.of(), OptionalLong.empty(), Optional.of("x".repeat(43))));
        assertThat(get(need("plans:read"), bound).statusCode()).isEqualTo(401);
    }

    @Test
    void linkOpensOneSubscriptionUntilItIsRevoked() {
        String token = await(database.inTenant(1, connection -> links.issue(connection, 1, 4711)))
                .reveal();
        assertThat(self(token).bodyAsString()).isEqualTo("1 4711");
        assertThat(get(need("usage:read"), token).statusCode())
                .as("it is no access token")
                .isEqualTo(401);
        assertThat(self(token.substring(0, token.length() - 1) + "_").statusCode())
                .isEqualTo(401);
        await(database.inTenant(1, connection -> links.revoke(connection, 1, 4711)));
        links.forget();
        assertThat(self(token).statusCode()).isEqualTo(401);
        String next = await(database.inTenant(1, connection -> links.issue(connection, 1, 4711)))
                .reveal();
        assertThat(next).isNotEqualTo(token);
        assertThat(self(next).bodyAsString()).isEqualTo("1 4711");
    }

    @Test
    void askingForALinkAgainGivesTheSameOneUntilHalfItsLifeIsOverAndEndedOnesAreRemoved() throws Exception {
        String ofSubscription = " FROM self_care_link WHERE subscription_id = 4712";
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            tokens.add(await(database.inTenant(1, connection -> links.issue(connection, 1, 4712)))
                    .reveal());
        }
        assertThat(tokens).hasSize(1);
        assertThat(TestDatabase.rows(config, "SELECT count(*)" + ofSubscription))
                .containsExactly("1");

        TestDatabase.execute(
                config,
                "UPDATE self_care_link SET expires_at = now() + interval '29 days' WHERE subscription_id = 4712");
        tokens.add(await(database.inTenant(1, connection -> links.issue(connection, 1, 4712)))
                .reveal());
        assertThat(tokens)
                .hasSize(2)
                .allSatisfy(token -> assertThat(self(token).bodyAsString()).isEqualTo("1 4712"));

        TestDatabase.execute(
                config,
                "UPDATE self_care_link SET expires_at = now() - interval '1 second'"
                        + " WHERE subscription_id = 4712 AND expires_at < now() + interval '30 days'");
        assertThat(await(links.purge())).isPositive();
        assertThat(TestDatabase.rows(config, "SELECT expires_at > now()" + ofSubscription))
                .containsExactly("t");
    }

    /** Whoever holds a plan of 90 days can pause on its 61st. */
    @ParameterizedTest
    @CsvSource({
        "ends_at = now() + '60 days'::interval, 60",
        "ends_at = now() + '29 days'::interval, 43",
        "ends_at = now() - '13 days'::interval, 1",
        "ends_at = now() - '15 days'::interval, 0",
        "ends_at = NULL, 60"
    })
    void linkDoesNotEndInTheMiddleOfAPlanAndLivesNoLongerThanTwoWeeksAfterIt(String plan, int days) throws Exception {
        long subscription = 5_000 + SUBSCRIPTIONS.incrementAndGet();
        account(subscription);
        TestDatabase.execute(config, "UPDATE account SET " + plan + " WHERE subscription_id = " + subscription);
        String token = await(database.inTenant(1, connection -> links.issue(connection, 1, subscription)))
                .reveal();
        String over = "UPDATE self_care_link SET expires_at = now() - interval '1 day'" + " WHERE subscription_id = "
                + subscription;
        TestDatabase.execute(config, over);
        int status = days > 0 ? 200 : 401;
        for (int i = 0; i < 2; i++) {
            assertThat(self(token).statusCode()).isEqualTo(status);
        }
        assertThat(await(links.purge())).isPositive();
        assertThat(TestDatabase.rows(
                        config,
                        "SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int"
                                + " FROM self_care_link WHERE subscription_id = " + subscription))
                .isEqualTo(days > 0 ? List.of(Integer.toString(days)) : List.of());
        links.forget();
        assertThat(self(token).statusCode()).isEqualTo(status);
        await(database.inTenant(1, connection -> links.revoke(connection, 1, subscription)));
        links.forget();
        assertThat(self(token).statusCode()).isEqualTo(401);
    }

    /** What is never used does not stay open for ever. */
    @Test
    void linkOfAPlanThatNeverBeginsEndsAfterFourHundredDays() throws Exception {
        long subscription = 5_000 + SUBSCRIPTIONS.incrementAndGet();
        account(subscription);
        String token = await(database.inTenant(1, connection -> links.issue(connection, 1, subscription)))
                .reveal();
        TestDatabase.execute(
                config,
                "UPDATE self_care_link SET expires_at = now() - interval '1 day', created_at = now() - interval '401 days'"
                        + " WHERE subscription_id = " + subscription);
        assertThat(self(token).statusCode()).isEqualTo(401);
    }

    private static void account(long subscription) {
        Instant now = CLOCK.instant();
        PlanTerms terms = AccountFixture.terms(
                AccountFixture.GB, new AfterQuota.Stop(), Validity.days(90, Validity.StartMode.ON_FIRST_USE));
        long id = new Ids(CLOCK, RANDOM).next(Ids.shardOf(subscription));
        NewAccount account = new NewAccount(new AccountKey(1, id), subscription, terms, AccountFixture.PARIS, now);
        await(database.inTenant(1, connection -> new AccountStore().open(connection, account)));
    }

    @Test
    void keySetAndMetadataArePublished() {
        HttpResponse<Buffer> jwks = get("/.well-known/jwks.json", null);
        assertThat(jwks.bodyAsJsonObject().getJsonArray("keys")).hasSize(1);
        assertThat(get("/.well-known/oauth-authorization-server", null)
                        .bodyAsJsonObject()
                        .getString("token_endpoint"))
                .endsWith("/oauth/token");
    }

    /** Clients follow what is named, and refuse an issuer that is not where they asked (RFC 8414 §3.3). */
    @Test
    void withoutAPublicUrlTheMetadataNamesTheAddressThatWasAsked() {
        JsonObject metadata =
                get("/.well-known/oauth-authorization-server", null).bodyAsJsonObject();
        String asked = "http://localhost:" + open.actualPort();
        assertThat(metadata.getString("issuer")).isEqualTo(asked);
        assertThat(metadata.getString("token_endpoint")).isEqualTo(asked + "/oauth/token");
        assertThat(metadata.getString("jwks_uri")).isEqualTo(asked + "/.well-known/jwks.json");
    }

    @Test
    void withAPublicUrlTheMetadataNamesThatWhateverWasAsked() throws Exception {
        TokenRules named = TokenRules.of(Optional.of("https://octroi.example.com"), Duration.ofMinutes(10));
        Router router = Router.router(vertx);
        new TokenEndpoint(clients, new TokenIssuer(keys, named, CLOCK, RANDOM), keys).mount(router, tries());
        HttpServer server = await(server(router, new HttpServerOptions()));
        JsonObject metadata = await(web.get(server.actualPort(), "localhost", "/.well-known/oauth-authorization-server")
                        .send())
                .bodyAsJsonObject();
        assertThat(metadata.getString("issuer")).isEqualTo("https://octroi.example.com");
        assertThat(metadata.getString("token_endpoint")).isEqualTo("https://octroi.example.com/oauth/token");
        await(server.close());
    }

    @Test
    void partnerIsKnownByItsKeyAndHeldToItsOperationsAndDomain() throws Exception {
        assertThat(report("unregistered", TrustDomain.NETWORK).statusCode()).isEqualTo(403);
        register("paris-core", TrustDomain.NETWORK, TrustDomain.NETWORK, Set.of("usage:report"));
        HttpResponse<Buffer> answer = report("paris-core", TrustDomain.NETWORK);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.bodyAsString()).isEqualTo("paris-core");
        register("paris-cells", TrustDomain.NETWORK, TrustDomain.NETWORK, Set.of("location:report"));
        assertThat(report("paris-cells", TrustDomain.NETWORK).bodyAsJsonObject().getString("code"))
                .isEqualTo("operation_not_allowed");
        register("crossed", TrustDomain.SM_DP, TrustDomain.NETWORK, Set.of("usage:report"));
        assertThat(report("crossed", TrustDomain.SM_DP).bodyAsJsonObject().getString("code"))
                .isEqualTo("unknown_partner");
    }

    @Test
    void refusalsReachHttp2ClientsWhole() throws Exception {
        WebClient http2 = WebClient.create(
                vertx,
                clientOptions(pki.domain(TrustDomain.NETWORK).client("unregistered"))
                        .setUseAlpn(true)
                        .setProtocolVersion(HttpVersion.HTTP_2));
        HttpResponse<Buffer> refused =
                await(http2.get(mutual.actualPort(), "localhost", "/report").send());
        assertThat(refused.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.getHeader("Connection")).isNull();
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("unknown_partner");
    }

    @Test
    void partnerRevokedWhileConnectedIsCutOff() throws Exception {
        register("leaving", TrustDomain.NETWORK, TrustDomain.NETWORK, Set.of("usage:report"));
        WebClient connected = client(pki.domain(TrustDomain.NETWORK).client("leaving"));
        assertThat(await(connected
                                .get(mutual.actualPort(), "localhost", "/report")
                                .send())
                        .statusCode())
                .isEqualTo(200);
        pki.domain(TrustDomain.NETWORK).revoke("leaving");
        trust.reload();
        assertThat(await(connected
                                .get(mutual.actualPort(), "localhost", "/report")
                                .send())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void partnerRevokedIsNotServedOnAResumedSessionEither() throws Exception {
        register("resuming", TrustDomain.NETWORK, TrustDomain.NETWORK, Set.of("usage:report"));
        WebClient resuming = WebClient.create(
                vertx,
                clientOptions(pki.domain(TrustDomain.NETWORK).client("resuming"))
                        .setKeepAlive(false));
        for (int i = 0; i < 2; i++) {
            assertThat(await(resuming.get(mutual.actualPort(), "localhost", "/report")
                                    .send())
                            .statusCode())
                    .isEqualTo(200);
        }
        pki.domain(TrustDomain.NETWORK).revoke("resuming");
        trust.reload();
        int status;
        try {
            status = await(resuming.get(mutual.actualPort(), "localhost", "/report")
                            .send())
                    .statusCode();
        } catch (RuntimeException refusedAtTheHandshake) {
            status = 403;
        }
        assertThat(status).isEqualTo(403);
    }

    @Test
    void disabledPartnerIsCutOffUntilItIsRegisteredAgain() throws Exception {
        register("ended", TrustDomain.NETWORK, TrustDomain.NETWORK, Set.of("usage:report"));
        assertThat(report("ended", TrustDomain.NETWORK).statusCode()).isEqualTo(200);
        long id = await(partners.ofDomain(TrustDomain.NETWORK)).stream()
                .filter(partner -> partner.name().equals("ended"))
                .findFirst()
                .orElseThrow()
                .id();
        Optional<Partner> ended = await(database.inWorker(connection -> partners.disable(connection, id)));
        assertThat(ended).isPresent();
        assertThat(report("ended", TrustDomain.NETWORK).bodyAsJsonObject().getString("code"))
                .isEqualTo("unknown_partner");
        assertThat(await(partners.ofDomain(TrustDomain.NETWORK)))
                .extracting(Partner::name)
                .doesNotContain("ended");
        Optional<Partner> again = await(database.inWorker(connection -> partners.disable(connection, id)));
        assertThat(again).isEmpty();
        register("ended", TrustDomain.NETWORK, TrustDomain.NETWORK, Set.of("usage:report"));
        assertThat(report("ended", TrustDomain.NETWORK).statusCode()).isEqualTo(200);
    }

    @Test
    void partnerSpeaksForItsNumbersOnly() {
        Partner partner =
                new Partner(3, 1, TrustDomain.NETWORK, "n", Set.of(), List.of("20801", "208920"), Optional.empty());
        assertThat(partner.covers("208011234567890")).isTrue();
        assertThat(partner.covers("208101234567890")).isFalse();
        assertThat(partner.serves(3)).isTrue();
        assertThat(partner.serves(4)).isFalse();
    }

    private static void register(String name, TrustDomain issued, TrustDomain registered, Set<String> operations)
            throws Exception {
        TlsMaterial material = TlsMaterial.read(pki.domain(issued).client(name), CLOCK);
        Partner partner =
                new Partner(0, RANDOM.nextLong(1L << 62), registered, name, operations, List.of(), Optional.empty());
        await(database.inWorker(connection ->
                partners.register(connection, partner, material.chain().getFirst())));
        assertThat(await(partners.ofDomain(registered)))
                .extracting(Partner::name)
                .contains(name);
    }

    private static HttpResponse<Buffer> report(String name, TrustDomain domain) throws Exception {
        return await(client(pki.domain(domain).client(name))
                .get(mutual.actualPort(), "localhost", "/report")
                .send());
    }

    private static WebClient client(TlsFiles files) {
        return WebClient.create(vertx, clientOptions(files));
    }

    private static WebClientOptions clientOptions(TlsFiles files) {
        return new WebClientOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(files.chain().toString())
                        .setKeyPath(files.key().toString()))
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(pki.domain(TrustDomain.OPERATOR).rootFile().toString()));
    }

    private static Future<HttpServer> server(Router router, HttpServerOptions options) {
        ProblemHandler.install(router);
        return vertx.createHttpServer(options.setHost("127.0.0.1").setPort(0))
                .requestHandler(router)
                .listen();
    }

    /** A colon in a route would begin a parameter. */
    private static String need(String scope) {
        return "/need/" + scope.replace(':', '-');
    }

    private static HttpResponse<Buffer> get(String path, @Nullable String token) {
        var request = web.get(open.actualPort(), "localhost", path);
        if (token != null) {
            request.putHeader("Authorization", "Bearer " + token);
        }
        return await(request.send());
    }

    private static HttpResponse<Buffer> token(String body, @Nullable String authorization) {
        var request = web.post(open.actualPort(), "localhost", "/oauth/token")
                .putHeader("Content-Type", "application/x-www-form-urlencoded");
        if (authorization != null) {
            request.putHeader("Authorization", authorization);
        }
        return await(request.sendBuffer(Buffer.buffer(body)));
    }

    private static void assertError(int status, String error, HttpResponse<Buffer> answer) {
        assertThat(answer.statusCode()).as(error).isEqualTo(status);
        assertThat(answer.bodyAsJsonObject().getString("error")).isEqualTo(error);
    }

    private static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 30 seconds", e);
        }
    }
}

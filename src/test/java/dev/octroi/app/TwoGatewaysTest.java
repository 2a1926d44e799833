package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.access.Partner;
import dev.octroi.access.Scopes;
import dev.octroi.access.SigningKeys;
import dev.octroi.access.TokenGrant;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.LoopbackPort;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.DomainAuthority;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One gateway is the SM-DP+, the other its companion: both sides of ES2+ against each other, with a card between them. */
class TwoGatewaysTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    static Path folder;

    private static Side smdp;
    private static Side companion;
    private static Vertx vertx;
    private static WebClient reseller;
    private static String token;

    /** A gateway and what belongs to it. */
    private record Side(Path data, DevPki pki, DatabaseConfig database, Gateway gateway) {
        X509 client() throws Exception {
            return new X509(
                    TlsMaterial.read(pki.callbackClient(), CLOCK).chain().getFirst());
        }
    }

    private record X509(java.security.cert.X509Certificate certificate) {
        byte[] keyHash() {
            return Partner.keyHash(certificate);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        Path a = folder.resolve("smdp");
        Path b = folder.resolve("companion");
        DevPki pkiA = DevPki.ensure(a.resolve("pki"), CLOCK, RANDOM);
        DevPki pkiB = DevPki.ensure(b.resolve("pki"), CLOCK, RANDOM);
        int device = LoopbackPort.free();
        smdp = open(a, pkiA, pkiB, "rsp.smdpAddress=localhost:" + device, "listener.device.port=" + device);
        companion = open(
                b,
                pkiB,
                pkiA,
                "listener.device.port=0",
                "smdp.url=https://localhost:" + smdp.gateway().port("operator"),
                "smdp.requesterId=2.999.777",
                "smdp.address=localhost:" + device);
        partner(
                smdp,
                1,
                "{es2:order}",
                "2.999.777",
                "https://localhost:" + companion.gateway().port("operator"),
                companion.client());
        partner(companion, 0, "{es2:progress}", null, null, smdp.client());
        vertx = Vertx.vertx();
        reseller = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setSsl(true)
                        .setTrustOptions(new PemTrustOptions()
                                .addCertPath(pkiB.domain(TrustDomain.PUBLIC)
                                        .rootFile()
                                        .toString())));
        token = new TokenIssuer(
                        SigningKeys.open(b.toAbsolutePath(), CLOCK, RANDOM),
                        TokenRules.of(Optional.empty(), java.time.Duration.ofMinutes(10)),
                        CLOCK,
                        RANDOM)
                .issue(TokenGrant.of(1, "shop", Scopes.GRANTABLE));
    }

    @AfterAll
    static void stop() throws Exception {
        companion.gateway().close();
        smdp.gateway().close();
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void profileOrderedAtTheOtherGatewayIsDownloadedThereAndFollowedHere() throws Exception {
        String plan = call(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        JsonObject order = call(
                HttpMethod.POST,
                "/v1/orders",
                new JsonObject().put("planId", plan).put("quantity", 2),
                201);
        assertThat(order.getString("status")).isEqualTo("pending");
        String subscription =
                order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
        String path = "/v1/subscriptions/" + subscription;

        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(call(HttpMethod.GET, "/v1/orders/" + order.getString("id"), null, 200)
                                .getString("status"))
                        .isEqualTo("completed"));
        JsonObject activation = call(HttpMethod.GET, path + "/activation", null, 200);
        assertThat(activation.getString("state")).isEqualTo("available");
        String code = activation.getString("code");
        String iccid = profile(path).getString("iccid");
        assertThat(profile(path).getString("state")).isEqualTo("released");

        GsmaTestPki gsma =
                GsmaTestPki.open(smdp.data().resolve("pki").resolve("gsma"), List.of("localhost"), CLOCK, RANDOM);
        VirtualEuicc card = VirtualEuicc.create(gsma, GsmaEid.test(4_711), CLOCK, RANDOM);
        try (Lpa lpa =
                new Lpa(card, LpaTrust.of(List.of(gsma.material().ci().certificateDer())), LpaSettings.standard())) {
            assertThat(lpa.download(code).iccid()).isEqualTo(iccid);
        }

        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(types(path)).contains("profile.installed"));
        assertThat(steps(path)).containsSubsequence("authenticated", "downloaded", "installed");
        assertThat(profile(path).getString("state")).isEqualTo("installed");
        assertThat(text(companion, "SELECT count(*) FROM profile WHERE driver = 'es2' AND eid_idx IS NOT NULL"))
                .isEqualTo("1");
        assertThat(text(smdp, "SELECT count(*) FROM profile"))
                .as("one for each subscription")
                .isEqualTo("2");
        assertThat(text(companion, "SELECT count(*) FROM outbox WHERE stream = 'es2'"))
                .isEqualTo("0");
        assertThat(call(HttpMethod.GET, path + "/activation", null, 200).getString("state"))
                .isEqualTo("used");
    }

    private static Side open(Path data, DevPki own, DevPki other, String... more) throws Exception {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('shop', 'Shop')");
        DomainAuthority foreign = other.domain(TrustDomain.OPERATOR);
        SettingsSource source = SettingsSource.empty()
                .set("data.dir=" + data)
                .set("database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database())
                .set("database.user=" + config.ownerUser())
                .set("database.password=" + config.ownerPassword())
                .set("database.poolSize=4")
                .set("es2.trust=" + foreign.rootFile())
                .set("es2.revocations="
                        + foreign.crlFiles().stream().map(Path::toString).collect(Collectors.joining(",")));
        for (String listener : new String[] {"public", "operator", "management"}) {
            source.set("listener." + listener + ".port=0");
        }
        for (String listener : new String[] {"public", "device", "operator", "management"}) {
            source.set("listener." + listener + ".host=127.0.0.1");
        }
        Stream.of(more).forEach(source::set);
        return new Side(data, own, config, Gateway.start(Settings.load(source)));
    }

    private static void partner(
            Side side, int tenant, String operations, String requester, String callback, X509 certificate)
            throws Exception {
        try (var connection = TestDatabase.connect(side.database());
                PreparedStatement statement =
                        connection.prepareStatement("INSERT INTO partner (tenant_id, id, kind, name, key_sha256,"
                                + " operations, requester_id, callback_url, created_at)"
                                + " VALUES (?, 42, 'sm-dp', 'the other', ?, ?::text[], ?, ?, now())")) {
            statement.setInt(1, tenant);
            statement.setBytes(2, certificate.keyHash());
            statement.setString(3, operations);
            statement.setString(4, requester);
            statement.setString(5, callback);
            statement.executeUpdate();
        }
    }

    private static JsonObject profile(String path) throws Exception {
        return call(HttpMethod.GET, path, null, 200).getJsonObject("profile");
    }

    private static List<String> types(String path) throws Exception {
        return rows("SELECT type FROM event WHERE data->>'subscription' = ? ORDER BY id", path);
    }

    /** The steps that the companion was told, in the order in which it took them. */
    private static List<String> steps(String path) throws Exception {
        assertThat(call(HttpMethod.GET, path + "/timeline", null, 200)
                        .getJsonArray("items")
                        .size())
                .isPositive();
        return rows(
                "SELECT data->>'step' FROM event WHERE data->>'subscription' = ? AND jsonb_exists(data, 'step')"
                        + " ORDER BY id",
                path);
    }

    private static List<String> rows(String sql, String path) throws Exception {
        try (var connection = TestDatabase.connect(companion.database());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, path.substring(path.lastIndexOf('/') + 1));
            var rows = statement.executeQuery();
            var found = new java.util.ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static String text(Side side, String sql) throws Exception {
        try (var connection = TestDatabase.connect(side.database());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static JsonObject call(HttpMethod method, String path, JsonObject body, int status) throws Exception {
        var request = reseller.request(method, companion.gateway().port("public"), "localhost", path)
                .putHeader("Authorization", "Bearer " + token)
                .putHeader("Idempotency-Key", "\"" + RANDOM.nextLong() + "\"");
        HttpResponse<Buffer> response =
                (body == null ? request.send() : request.sendJsonObject(body)).await(30, TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        return response.bodyAsJsonObject();
    }
}

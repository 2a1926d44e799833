package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.Scopes;
import dev.octroi.access.SigningKeys;
import dev.octroi.access.TokenGrant;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.LoopbackPort;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TrustDomain;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gateway as it is sold, with one tenant, and a reseller and an administrator who call it. */
final class RunningGateway implements AutoCloseable {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final SecureRandom RANDOM = new SecureRandom();

    Gateway gateway;
    final String reseller;
    final String admin;
    private final DatabaseConfig config = TestDatabase.create();
    private final Vertx vertx = Vertx.vertx();
    private final WebClient client;
    private final Settings settings;

    /** @param more settings, as {@code key=value} */
    RunningGateway(Path data, String... more) throws Exception {
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('shop', 'Shop')");
        int device = LoopbackPort.free();
        SettingsSource source = SettingsSource.empty()
                .set("data.dir=" + data)
                .set("database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database())
                .set("database.user=" + config.ownerUser())
                .set("database.password=" + config.ownerPassword())
                .set("rsp.smdpAddress=localhost:" + device)
                .set("listener.device.port=" + device);
        for (String listener : new String[] {"public", "operator", "management"}) {
            source.set("listener." + listener + ".port=0");
        }
        for (String listener : new String[] {"public", "device", "operator", "management"}) {
            source.set("listener." + listener + ".host=127.0.0.1");
        }
        List.of(more).forEach(source::set);
        settings = Settings.load(source);
        gateway = Gateway.start(settings);
        DevPki pki = DevPki.ensure(data.resolve("pki"), CLOCK, RANDOM);
        client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setSsl(true)
                        .setTrustOptions(new PemTrustOptions()
                                .addCertPath(pki.domain(TrustDomain.PUBLIC)
                                        .rootFile()
                                        .toString())));
        TokenIssuer tokens = new TokenIssuer(
                SigningKeys.open(data.toAbsolutePath(), CLOCK, RANDOM),
                TokenRules.of(Optional.empty(), Duration.ofMinutes(10)),
                CLOCK,
                RANDOM);
        reseller = tokens.issue(TokenGrant.of(1, "shop", Scopes.GRANTABLE));
        admin = tokens.issue(TokenGrant.of(0, "root", Scopes.GRANTABLE));
    }

    /** Ends the gateway and starts it again on the same data, with the keys that are there then. */
    void restart() throws Exception {
        gateway.close();
        gateway = Gateway.start(settings);
    }

    /** What the gateway's commands are given. */
    Settings settings() {
        return settings;
    }

    /** A plan whose profiles come from the stock of a type, or are made where none is named. */
    static JsonObject plan(@Nullable String profileType) {
        JsonObject body = new JsonObject()
                .put("name", "France 3 GB")
                .put("price", new JsonObject().put("amount", "9.90").put("currency", "EUR"))
                .put("includedBytes", 3_000_000_000L)
                .put(
                        "validity",
                        new JsonObject()
                                .put("start", "on_install")
                                .put("unit", "day")
                                .put("amount", 7))
                .put("afterExhaustion", new JsonObject().put("action", "stop"))
                .put("countries", new JsonArray().add("FR"))
                .put("drainPolicy", "notify");
        return profileType == null ? body : body.put("profileType", profileType);
    }

    JsonObject order(String plan, int quantity, int status) throws Exception {
        return reseller(
                HttpMethod.POST,
                "/v1/orders",
                new JsonObject().put("planId", plan).put("quantity", quantity),
                status);
    }

    JsonObject reseller(HttpMethod method, String path, @Nullable JsonObject body, int status) throws Exception {
        HttpResponse<Buffer> response =
                send(reseller, method, path, body, UUID.randomUUID().toString());
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        return response.bodyAsJsonObject();
    }

    HttpResponse<Buffer> send(String token, HttpMethod method, String path, @Nullable JsonObject body, String key)
            throws Exception {
        return begin(token, method, path, body, key).await(30, TimeUnit.SECONDS);
    }

    Future<HttpResponse<Buffer>> begin(
            String token, HttpMethod method, String path, @Nullable JsonObject body, String key) {
        var request = client.request(method, gateway.port("public"), "localhost", path)
                .putHeader("Authorization", "Bearer " + token)
                .putHeader("Idempotency-Key", "\"" + key + "\"");
        return body == null ? request.send() : request.sendJsonObject(body);
    }

    /** A page as a browser fetches it. */
    String page(String path) throws Exception {
        return client.get(gateway.port("public"), "localhost", path)
                .send()
                .await(30, TimeUnit.SECONDS)
                .bodyAsString();
    }

    /** Puts a text as it is to the public listener. */
    HttpResponse<Buffer> putText(String path, String text) throws Exception {
        return client.put(gateway.port("public"), "localhost", path)
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(text))
                .await(30, TimeUnit.SECONDS);
    }

    /** Sends a form as a browser does; gives the status. */
    int form(String path, MultiMap values) throws Exception {
        return client.post(gateway.port("public"), "localhost", path)
                .followRedirects(false)
                .sendForm(values)
                .await(30, TimeUnit.SECONDS)
                .statusCode();
    }

    /** Sends a form to be answered with a page, as a browser says that it wants one. */
    HttpResponse<Buffer> formForPage(String path, MultiMap values) throws Exception {
        return client.post(gateway.port("public"), "localhost", path)
                .putHeader("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .followRedirects(false)
                .sendForm(values)
                .await(30, TimeUnit.SECONDS);
    }

    /** Sends a form as a browser does; gives the page that answers. */
    String formPage(String path, MultiMap values) throws Exception {
        return client.post(gateway.port("public"), "localhost", path)
                .followRedirects(true)
                .sendForm(values)
                .await(30, TimeUnit.SECONDS)
                .bodyAsString();
    }

    /** Replaces a subscription's rules, at the version that they have. */
    void put(String path, JsonArray rules) throws Exception {
        replace(path, new JsonObject().put("rules", rules));
    }

    /** Replaces something at the version that it has. */
    void replace(String path, JsonObject body) throws Exception {
        HttpResponse<Buffer> read =
                send(reseller, HttpMethod.GET, path, null, UUID.randomUUID().toString());
        HttpResponse<Buffer> put = client.put(gateway.port("public"), "localhost", path)
                .putHeader("Authorization", "Bearer " + reseller)
                .putHeader("If-Match", read.getHeader("ETag"))
                .sendJsonObject(body)
                .await(30, TimeUnit.SECONDS);
        assertThat(put.statusCode()).as(put.bodyAsString()).isEqualTo(200);
    }

    /** Asks for a PNG as the reseller. */
    HttpResponse<Buffer> picture(String path) throws Exception {
        return client.get(gateway.port("public"), "localhost", path)
                .putHeader("Authorization", "Bearer " + reseller)
                .putHeader("Accept", "image/png")
                .send()
                .await(30, TimeUnit.SECONDS);
    }

    /** Sends a file as an administrator. */
    JsonObject upload(String path, String contentType, String content) throws Exception {
        return client.put(gateway.port("public"), "localhost", path)
                .putHeader("Authorization", "Bearer " + admin)
                .putHeader("Content-Type", contentType)
                .sendBuffer(Buffer.buffer(content))
                .await(30, TimeUnit.SECONDS)
                .bodyAsJsonObject();
    }

    /** A connection of the database's owner. */
    Connection connect() throws Exception {
        return TestDatabase.connect(config);
    }

    void execute(String sql) throws Exception {
        TestDatabase.execute(config, sql);
    }

    /** The first column of what a query finds. */
    List<String> rows(String sql) throws Exception {
        return TestDatabase.rows(config, sql);
    }

    /** The same where no checked exception can be thrown. */
    List<String> rowsOf(String sql) {
        try {
            return rows(sql);
        } catch (Exception e) {
            throw new AssertionError(sql, e);
        }
    }

    @Override
    public void close() throws Exception {
        gateway.close();
        vertx.close().await(20, TimeUnit.SECONDS);
    }
}

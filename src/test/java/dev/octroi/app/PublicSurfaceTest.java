package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bounds those whom the public listener and the one of phones serve. */
class PublicSurfaceTest {
    private static final int TRIES = 20;
    private static final int DEVICE_REQUESTS = 40;
    private static final int LINK_REQUESTS = 200;

    @TempDir
    static Path data;

    private static Vertx vertx;
    private static RunningGateway server;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        server = new RunningGateway(
                data,
                "limits.failedTriesPerMinute=" + TRIES,
                "limits.devicePerMinute=" + DEVICE_REQUESTS,
                "limits.linkPerMinute=" + LINK_REQUESTS);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void noAddressIsTakenWhereNoMailIsSent() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String path = "/v1/subscriptions/"
                + server.order(plan, 1, 201)
                        .getJsonArray("subscriptions")
                        .getJsonObject(0)
                        .getString("id");
        JsonObject address = new JsonObject().put("mail", "ann@traveller.example");
        assertThat(server.reseller(HttpMethod.PUT, path + "/notices", address, 422)
                        .getString("code"))
                .isEqualTo("mail_not_sent");
        JsonObject told = server.reseller(HttpMethod.GET, path + "/notices", null, 200);
        assertThat(told.getBoolean("sends")).isFalse();
        assertThat(told.getString("state")).isEqualTo("none");
        assertThat(server.rows("SELECT address_sealed FROM notice_channel")).isEmpty();
    }

    @Test
    void addressThatTriesSecretsInVainIsToldToWaitAndTheApiStaysOpenToIt() throws Exception {
        MultiMap wrong = MultiMap.caseInsensitiveMultiMap()
                .add("grant_type", "client_credentials")
                .add("client_id", "cli_none")
                .add("client_secret", "wrong");
        MultiMap right = clientOfAShop();
        assertThat(server.form("/oauth/token", right)).isEqualTo(200);
        int refused = 0;
        while (server.form("/oauth/token", wrong) == 401) {
            refused++;
        }
        // The gateway's own warm-up has tried a link some times, and a token comes back every three seconds.
        assertThat(refused).isBetween(TRIES / 4, TRIES * 4);
        // A token that came back meanwhile is spent by the next wrong try.
        await().until(() -> server.form("/oauth/token", wrong) == 429);
        assertThat(server.form("/oauth/token", right))
                .as("a client that is known here")
                .isEqualTo(200);
        await().until(() -> server.page("/s/oct_unknown").contains("too_many_failures"));
        server.reseller(HttpMethod.GET, "/v1/plans", null, 200);
    }

    /** Nobody says there who they are, and each request may cost signatures. */
    @Test
    void addressThatAsksAsAPhoneWithoutEndIsToldToWait() throws Exception {
        WebClient phone = WebClient.create(
                vertx, new WebClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
        int answered = 0;
        HttpResponse<Buffer> answer = ask(phone);
        while (answer.statusCode() == 200) {
            answered++;
            answer = ask(phone);
        }
        // The gateway's own warm-up has asked some times, and a request comes back every one and a half seconds.
        assertThat(answered).isBetween(DEVICE_REQUESTS / 4, DEVICE_REQUESTS * 4);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("too_many_requests");
        assertThat(Integer.parseInt(answer.getHeader("Retry-After"))).isBetween(1, 60);
        server.reseller(HttpMethod.GET, "/v1/plans", null, 200);
        phone.close();
    }

    /** Each change of a traveller is a decision, audit rows and messages to others. */
    @Test
    void linkThatChangesThingsWithoutEndIsToldToWaitAndOthersAreNot() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String first = link(plan);
        String second = link(plan);
        // This address may have failed often just now.
        await().until(() -> put(first, "on") == 200);
        int changed = 0;
        while (put(first, "off") == 200) {
            changed++;
        }
        // A change comes back every three seconds.
        assertThat(changed).isBetween(LINK_REQUESTS / 20, LINK_REQUESTS / 10 * 4);
        await().until(() -> put(first, "on") == 429);
        assertThat(server.page(first)).as("reading goes on").contains("France 3 GB");
        assertThat(put(second, "off")).isEqualTo(200);
    }

    private static int put(String link, String mode) throws Exception {
        return server.putText(link + "/background.json", "{\"mode\":\"" + mode + "\"}")
                .statusCode();
    }

    private static String link(String plan) throws Exception {
        String id = server.order(plan, 1, 201)
                .getJsonArray("subscriptions")
                .getJsonObject(0)
                .getString("id");
        String url = server.reseller(HttpMethod.GET, "/v1/subscriptions/" + id, null, 200)
                .getString("selfCareUrl");
        return url.substring(url.indexOf("/s/"));
    }

    @Test
    void clientThatAsksForTokensWithoutEndIsToldToWait() throws Exception {
        MultiMap right = clientOfAShop();
        // This address may have failed often just now.
        await().until(() -> server.form("/oauth/token", right) == 200);
        int given = 0;
        while (server.form("/oauth/token", right) == 200) {
            given++;
        }
        assertThat(given).isBetween(100, 480);
        await().until(() -> server.form("/oauth/token", right) == 429);
        server.reseller(HttpMethod.GET, "/v1/plans", null, 200);
    }

    private static HttpResponse<Buffer> ask(WebClient phone) throws Exception {
        return phone.post(server.gateway.port("device"), "localhost", "/gsma/rsp2/es9plus/initiateAuthentication")
                .sendJsonObject(new JsonObject())
                .await(20, TimeUnit.SECONDS);
    }

    /** The form with which a client of its own asks for tokens. */
    private static MultiMap clientOfAShop() throws Exception {
        JsonObject body = new JsonObject().put("name", "shop").put("scopes", new JsonArray().add("plans:read"));
        HttpResponse<Buffer> created = server.send(
                server.admin,
                HttpMethod.POST,
                "/admin/v1/tenants/ten_0000000000001/clients",
                body,
                UUID.randomUUID().toString());
        assertThat(created.statusCode()).as(created.bodyAsString()).isEqualTo(201);
        return MultiMap.caseInsensitiveMultiMap()
                .add("grant_type", "client_credentials")
                .add("client_id", created.bodyAsJsonObject().getString("clientId"))
                .add("client_secret", created.bodyAsJsonObject().getString("clientSecret"));
    }

    @Test
    void bodiesThatTenantsSendAreBoundedBeforeTheyAreRead() throws Exception {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(data.resolve("pki/public/root.pem").toString())));
        HttpClientRequest importing = client.request(
                        HttpMethod.PUT,
                        server.gateway.port("public"),
                        "localhost",
                        "/admin/v1/tenants/ten_0000000000001/profile-types/data/batches/one")
                .await(20, TimeUnit.SECONDS);
        importing
                .putHeader("Authorization", "Bearer " + server.admin)
                .putHeader("Content-Type", "text/csv")
                .putHeader("Content-Length", "5000000");
        importing.write(Buffer.buffer("iccid")).await(20, TimeUnit.SECONDS);

        await().until(() -> inHandBytes() == 5_000_000);
        importing.connection().close().await(20, TimeUnit.SECONDS);
        await().until(() -> inHandBytes() == 0);
    }

    /** Whoever comes there has no certificate: a body is worth reading only after a token of ours. */
    @Test
    void nothingOfAnEventIsReadBeforeItsToken() throws Exception {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(data.resolve("pki/public/root.pem").toString())));
        HttpClientRequest event = client.request(
                        HttpMethod.POST, server.gateway.port("public"), "localhost", "/camara/v1/qos-events")
                .await(20, TimeUnit.SECONDS);
        event.putHeader("Content-Type", "application/json").putHeader("Content-Length", "16000");
        event.sendHead().await(20, TimeUnit.SECONDS);
        HttpClientResponse answer = event.response().await(20, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.getHeader("Connection")).isEqualTo("close");
        client.close().await(20, TimeUnit.SECONDS);
    }

    private static double inHandBytes() throws Exception {
        HttpResponse<Buffer> scraped = WebClient.create(vertx)
                .get(server.gateway.port("management"), "127.0.0.1", "/metrics")
                .send()
                .await(20, TimeUnit.SECONDS);
        return scraped.bodyAsString()
                .lines()
                .filter(line -> line.startsWith("octroi_http_bodies_bytes{listener=\"public\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}

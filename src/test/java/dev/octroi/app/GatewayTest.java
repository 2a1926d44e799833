package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole gateway as it is wired: who gets through which door. */
class GatewayTest {
    @TempDir
    static Path data;

    private static Vertx vertx;
    private static Gateway gateway;
    private static DevPki pki;

    @BeforeAll
    static void start() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        SettingsSource source = SettingsSource.empty();
        source.set("data.dir=" + data);
        source.set("database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database());
        source.set("database.user=" + config.ownerUser());
        source.set("database.password=" + config.ownerPassword());
        for (String listener : new String[] {"public", "device", "operator", "charging", "management"}) {
            source.set("listener." + listener + ".host=127.0.0.1");
            source.set("listener." + listener + ".port=0");
        }
        Path folders = Files.writeString(
                data.resolve("folders.yaml"), "folders: [{name: pgw, folder: " + data.resolve("usage") + "}]");
        source.set("files.folders=" + folders);
        source.set("files.settle=PT0.1S");
        gateway = Gateway.start(Settings.load(source));
        vertx = Vertx.vertx();
        pki = DevPki.ensure(data.resolve("pki"), Clock.systemUTC(), new SecureRandom());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        await(vertx.close());
        assertThat(data.resolve("audit/heads.txt"))
                .as("audit heads are exported at the end")
                .exists();
    }

    @Test
    void publicListenerWantsATokenAndShowsItsKeys() {
        WebClient client = client(TrustDomain.PUBLIC, null);
        assertThat(get(client, "public", "/v1/plans").statusCode()).isEqualTo(401);
        assertThat(get(client, "public", "/admin/v1/tenants").statusCode()).isEqualTo(401);
        assertThat(get(client, "public", "/.well-known/jwks.json")
                        .bodyAsJsonObject()
                        .getJsonArray("keys"))
                .hasSize(1);
        assertThat(get(client, "public", "/network/v1/usage-records").statusCode())
                .isEqualTo(404);
    }

    @Test
    void operatorListenerWantsAPartner() throws Exception {
        assertThatThrownBy(() -> get(client(TrustDomain.OPERATOR, null), "operator", "/"))
                .isInstanceOf(Exception.class);
        TlsFiles reseller = pki.domain(TrustDomain.RESELLER).client("shop");
        assertThatThrownBy(() -> get(client(TrustDomain.OPERATOR, reseller), "operator", "/"))
                .isInstanceOf(Exception.class);
        TlsFiles stranger = pki.domain(TrustDomain.NETWORK).client("nobody");
        HttpResponse<Buffer> refused = await(client(TrustDomain.OPERATOR, stranger)
                .post(gateway.port("operator"), "localhost", "/network/v1/usage-records")
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer("{}")));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("unknown_partner");
    }

    @Test
    void chargingListenerSpeaksHttp2AndWantsAPartner() throws Exception {
        String path = "/nchf-convergedcharging/v3/chargingdata";
        TlsFiles stranger = pki.domain(TrustDomain.NETWORK).client("nobody");
        WebClientOptions http2 = new WebClientOptions(options(TrustDomain.OPERATOR, stranger));
        http2.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
        for (WebClientOptions each : List.of(http2, options(TrustDomain.OPERATOR, stranger))) {
            WebClient client = WebClient.create(vertx, each);
            HttpResponse<Buffer> refused = await(client.post(gateway.port("charging"), "localhost", path)
                    .putHeader("Content-Type", "application/json")
                    .sendBuffer(Buffer.buffer("{}"))
                    // Until then it is referred to: one that is not closes itself.
                    .onComplete(answered -> client.close()));
            assertThat(refused.version()).isEqualTo(each.getProtocolVersion());
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("unknown_partner");
        }
        assertThatThrownBy(() -> get(client(TrustDomain.OPERATOR, null), "charging", path))
                .isInstanceOf(Exception.class);
        assertThat(get(client(TrustDomain.OPERATOR, stranger), "charging", "/network/v1/usage-records")
                        .statusCode())
                .as("nothing else is served there")
                .isEqualTo(404);
    }

    @Test
    void managementListenerTellsReadiness() {
        WebClient plain = WebClient.create(vertx);
        // The first look of an event loop opens its connection of the database, for which there is a second.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                get(plain, "management", "/health/ready").statusCode())
                        .isEqualTo(200));
    }

    @Test
    void watchedFolderIsReadWhileTheGatewayRuns() throws Exception {
        Path usage = data.resolve("usage");
        Path written = Files.writeString(
                usage.resolve("u.csv.part"),
                "id,imsi,end,up,down,plmn\nr1,208011234567890," + Instant.now() + ",1,2,208-01\n");
        Files.move(written, usage.resolve("u.csv"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(usage.resolve("done/u.csv")));
    }

    @Test
    void privateFilesAreForTheirOwnerOnly() throws Exception {
        try (var files = Files.walk(data)) {
            assertThat(files.filter(file -> file.toString().matches(".*\\.(key|jwk|keyring)$"))
                            .toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(
                                    Files.getPosixFilePermissions(file).toString())
                            .doesNotContain("GROUP", "OTHERS"));
        }
    }

    private static WebClient client(TrustDomain server, @Nullable TlsFiles own) {
        return WebClient.create(vertx, options(server, own));
    }

    private static WebClientOptions options(TrustDomain server, @Nullable TlsFiles own) {
        WebClientOptions options = new WebClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(pki.domain(server).rootFile().toString()));
        if (own != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .setCertPath(own.chain().toString())
                    .setKeyPath(own.key().toString()));
        }
        return options;
    }

    private static HttpResponse<Buffer> get(WebClient client, String listener, String path) {
        return await(client.get(gateway.port(listener), "localhost", path).send());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 30 seconds", e);
        }
    }
}

package dev.octroi.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a client, against receivers that ask for its certificate. */
class ClientTlsTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private Vertx vertx;
    private DevPki pki;
    private PartnerTrust networks;
    private ClientTls tls;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        pki = DevPki.ensure(folder, CLOCK, new SecureRandom());
        networks = PartnerTrust.load(pki.trust(TrustDomain.NETWORK), CLOCK);
        tls = ClientTls.partner(() -> TlsMaterial.read(pki.callbackClient(), CLOCK), networks);
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void receiverSeesOurCertificateAndItsRenewal() throws Exception {
        HttpServer receiver = receiver(pki.domain(TrustDomain.NETWORK).server("receiver", List.of("localhost")));
        HttpClient client = vertx.createHttpClient(tls.options().setKeepAlive(false));
        String first = await(serial(client, receiver));
        assertThat(await(serial(client, receiver))).isEqualTo(first);
        pki.domain(TrustDomain.OPERATOR).revoke("gateway-client");
        tls.refresh();
        // Our own revocation is the receiver's business; what counts here is that a full handshake shows the new one.
        HttpClient unresumed = vertx.createHttpClient(tls.options());
        assertThat(await(serial(unresumed, receiver))).isNotEqualTo(first).startsWith("CN=gateway-client");
    }

    @Test
    void serverSeesAReplacedCertificateAndIsJudgedByReplacedRoots() throws Exception {
        Path roots = folder.resolve("smdp-roots.pem");
        Files.copy(pki.domain(TrustDomain.RESELLER).rootFile(), roots);
        ClientTls towards = ClientTls.server(() -> TlsMaterial.read(pki.callbackClient(), CLOCK), Optional.of(roots));
        HttpServer server = receiver(pki.domain(TrustDomain.SM_DP).server("smdp", List.of("localhost")));
        assertThatThrownBy(() -> await(serial(vertx.createHttpClient(towards.options()), server)))
                .isInstanceOf(Exception.class);

        Files.copy(pki.domain(TrustDomain.SM_DP).rootFile(), roots, StandardCopyOption.REPLACE_EXISTING);
        towards.refresh();
        String first = await(serial(vertx.createHttpClient(towards.options()), server));
        pki.domain(TrustDomain.OPERATOR).revoke("gateway-client");
        // Roots that cannot be read for a moment keep no new certificate from being shown.
        Files.writeString(roots, "");
        assertThatThrownBy(towards::refresh).isInstanceOf(GeneralSecurityException.class);
        assertThat(await(serial(vertx.createHttpClient(towards.options()), server)))
                .isNotEqualTo(first)
                .startsWith("CN=gateway-client");
        HttpServer misnamed = receiver(pki.domain(TrustDomain.SM_DP).server("misnamed", List.of("example.test")));
        assertThatThrownBy(() -> await(serial(vertx.createHttpClient(towards.options()), misnamed)))
                .isInstanceOf(Exception.class);
    }

    @Test
    void certificateThatHasEndedKeepsNobodyFromStarting() throws Exception {
        TlsFiles files = pki.callbackClient();
        Clock[] clock = {Clock.offset(CLOCK, Duration.ofDays(60))};
        ClientTls late = ClientTls.partner(() -> TlsMaterial.read(files, clock[0]), networks);
        assertThat(late.ends()).isEmpty();
        HttpServer receiver = receiver(pki.domain(TrustDomain.NETWORK).server("receiver", List.of("localhost")));
        assertThatThrownBy(() -> await(serial(vertx.createHttpClient(late.options()), receiver)))
                .isInstanceOf(Exception.class);
        clock[0] = CLOCK;
        late.refresh();
        assertThat(late.ends()).isPresent();
        assertThat(await(serial(vertx.createHttpClient(late.options()), receiver)))
                .startsWith("CN=gateway-client");
    }

    @Test
    void receiverOfAnotherDomainOrNameOrRevokedIsRefused() throws Exception {
        HttpClient client = vertx.createHttpClient(tls.options());
        HttpServer stranger = receiver(pki.domain(TrustDomain.RESELLER).server("stranger", List.of("localhost")));
        assertThatThrownBy(() -> await(serial(client, stranger))).isInstanceOf(Exception.class);
        HttpServer misnamed = receiver(pki.domain(TrustDomain.NETWORK).server("misnamed", List.of("example.test")));
        assertThatThrownBy(() -> await(serial(client, misnamed))).isInstanceOf(Exception.class);
        HttpServer revoked = receiver(pki.domain(TrustDomain.NETWORK).server("revoked", List.of("localhost")));
        pki.domain(TrustDomain.NETWORK).revoke("revoked");
        networks.reload();
        assertThatThrownBy(() -> await(serial(client, revoked))).isInstanceOf(Exception.class);
    }

    @Test
    void webhookReceiverNeedsAPublicAuthorityOrTheNamedRoot() throws Exception {
        TlsFiles files = pki.domain(TrustDomain.RESELLER).server("hooks", List.of("localhost"));
        HttpServer receiver = await(vertx.createHttpServer(ServerTls.server(() -> TlsMaterial.read(files, CLOCK))
                        .applyTo(new HttpServerOptions().setPort(0).setHost("127.0.0.1")))
                .requestHandler(request -> request.response().end("anonymous"))
                .listen());
        HttpClient strict =
                vertx.createHttpClient(ClientTls.webhook(Optional.empty()).options());
        assertThatThrownBy(() -> await(serial(strict, receiver))).isInstanceOf(Exception.class);
        HttpClient development = vertx.createHttpClient(
                ClientTls.webhook(Optional.of(pki.domain(TrustDomain.RESELLER).rootFile()))
                        .options());
        assertThat(await(serial(development, receiver))).isEqualTo("anonymous");
    }

    private HttpServer receiver(TlsFiles files) throws Exception {
        PartnerTrust gateway = PartnerTrust.load(pki.trust(TrustDomain.OPERATOR), CLOCK);
        HttpServerOptions options = ServerTls.mutual(() -> TlsMaterial.read(files, CLOCK), gateway)
                .applyTo(new HttpServerOptions().setPort(0).setHost("127.0.0.1"));
        return await(vertx.createHttpServer(options)
                .requestHandler(request -> {
                    try {
                        X509Certificate shown = (X509Certificate)
                                request.connection().peerCertificates().getFirst();
                        request.response().end(shown.getSubjectX500Principal().getName() + shown.getSerialNumber());
                    } catch (SSLPeerUnverifiedException e) {
                        request.response().setStatusCode(500).end();
                    }
                })
                .listen());
    }

    /** Holds on to the client until the answer is there: one that nobody refers to closes itself. */
    private static Future<String> serial(HttpClient client, HttpServer receiver) {
        return client.request(HttpMethod.GET, receiver.actualPort(), "localhost", "/")
                .compose(request -> request.send())
                .compose(response -> response.body())
                .map(Object::toString)
                .onComplete(answered -> Reference.reachabilityFence(client));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 20 seconds", e);
        }
    }
}

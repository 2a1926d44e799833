package dev.octroi.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real handshakes and real requests: in TLS 1.3 a refused client first sees its connection succeed. */
class MutualTlsTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    static Path template;

    @TempDir
    Path folder;

    private static Vertx vertx;
    private DevPki pki;
    private PartnerTrust trust;
    private ServerTls tls;
    private HttpServer server;

    /**
     * One flaw and how to make a certificate that has it.
     *
     * @param refusal part of what {@link PartnerTrust} says of it, so that no other rule is taken for the one that is meant
     */
    private record Flaw(String name, String refusal, Crafting crafting) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Crafting {
        void spoil(TestLeaf leaf) throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        DevPki.ensure(template, CLOCK, RANDOM);
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
    }

    @BeforeEach
    void copyPki() throws Exception {
        try (Stream<Path> files = Files.walk(template)) {
            for (Path file : files.skip(1).toList()) {
                Files.copy(file, folder.resolve(template.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        pki = DevPki.ensure(folder, CLOCK, RANDOM);
        trust = PartnerTrust.load(pki.trust(TrustDomain.NETWORK, TrustDomain.SM_DP), CLOCK);
        server = await(listen());
    }

    @AfterEach
    void close() {
        await(server.close());
    }

    @Test
    void partnerOfATrustedDomainIsServedUnderItsName() throws Exception {
        assertThat(request(material(pki.domain(TrustDomain.NETWORK).client("paris-core"))))
                .startsWith("200 CN=paris-core");
        assertThat(request(material(pki.domain(TrustDomain.SM_DP).client("smdp"))))
                .startsWith("200 CN=smdp");
    }

    @Test
    void clientWithoutCertificateIsRefused() {
        assertRefused(null);
    }

    @Test
    void certificatesOfOtherTrustDomainsAreRefused() throws Exception {
        assertRefused(material(pki.domain(TrustDomain.RESELLER).client("travel-shop")));
        assertRefused(material(pki.callbackClient()));
    }

    @Test
    void certificateOfAnAuthorityWithTheSameNameIsRefused(@TempDir Path elsewhere) throws Exception {
        DevPki stranger = DevPki.ensure(elsewhere, CLOCK, RANDOM);
        assertRefused(material(stranger.domain(TrustDomain.NETWORK).client("paris-core")));
    }

    static Stream<Flaw> flaws() {
        return Stream.of(
                new Flaw("expired", "no valid path", leaf -> {
                    leaf.notBefore = Instant.now().minus(Duration.ofMinutes(4));
                    leaf.life = Duration.ofMinutes(2);
                }),
                new Flaw(
                        "not yet valid",
                        "no valid path",
                        leaf -> leaf.notBefore = Instant.now().plus(Duration.ofDays(1))),
                new Flaw(
                        "server instead of client",
                        "extended key usage",
                        leaf -> leaf.purposes = List.of(KeyPurposeId.id_kp_serverAuth)),
                new Flaw(
                        "any purpose",
                        "extended key usage",
                        leaf -> leaf.purposes = List.of(KeyPurposeId.anyExtendedKeyUsage)),
                new Flaw("no purpose", "extended key usage", leaf -> leaf.purposes = List.of()),
                new Flaw(
                        "two purposes",
                        "extended key usage",
                        leaf -> leaf.purposes = List.of(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth)),
                new Flaw("marked as authority", "marked as a certificate authority", leaf -> leaf.authority = true),
                new Flaw(
                        "may sign certificates",
                        "key usage is not",
                        leaf -> leaf.keyUsage = KeyUsage.digitalSignature | KeyUsage.keyCertSign),
                new Flaw("no digital signature", "key usage is not", leaf -> leaf.keyUsage = KeyUsage.keyAgreement),
                new Flaw("serial number zero", "serial number", leaf -> leaf.serial = BigInteger.ZERO),
                new Flaw("serial number negative", "serial number", leaf -> leaf.serial = BigInteger.valueOf(-5)),
                new Flaw(
                        "serial number too long", "serial number", leaf -> leaf.serial = BigInteger.ONE.shiftLeft(200)),
                new Flaw("RSA of 1024 bits", "weak or unknown key", leaf -> leaf.keys = TestLeaf.rsa(1024)),
                new Flaw("signed with SHA-1", "weak or unknown signature", leaf -> leaf.algorithm = "SHA1withECDSA"),
                new Flaw("no alternative name", "no alternative name, or more", leaf -> leaf.uris = List.of()),
                new Flaw(
                        "name of another domain",
                        "no valid path",
                        leaf -> leaf.uris = List.of("spiffe://sm-dp.octroi.test/crafted")),
                new Flaw(
                        "wildcard name",
                        "wildcard",
                        leaf -> leaf.otherNames = List.of(new GeneralName(GeneralName.dNSName, "*.octroi.test"))),
                new Flaw(
                        "a hundred names",
                        "no alternative name, or more",
                        leaf -> leaf.otherNames = Stream.iterate(0, i -> i + 1)
                                .limit(100)
                                .map(i -> new GeneralName(GeneralName.dNSName, "host" + i + ".octroi.test"))
                                .toList()),
                new Flaw("unknown critical extension", "no valid path", leaf -> leaf.unknownCriticalExtension = true),
                new Flaw("lives ten years", "398 days", leaf -> leaf.life = Duration.ofDays(3650)));
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void certificateWithAFlawIsRefused(Flaw flaw) throws Exception {
        TestLeaf leaf = new TestLeaf(folder.resolve("network"));
        assertThat(request(leaf.issue())).as("without the flaw").startsWith("200");
        flaw.crafting().spoil(leaf);
        TlsMaterial flawed = leaf.issue();
        assertThat(trust.check(flawed.chain()))
                .isInstanceOfSatisfying(
                        PartnerTrust.Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).contains(flaw.refusal()));
        assertRefused(flawed);
    }

    @Test
    void endEntityCannotIssueForOthers() throws Exception {
        TlsFiles good = pki.domain(TrustDomain.NETWORK).client("paris-core");
        X509Certificate issuer = material(good).chain().getFirst();
        TestLeaf below = new TestLeaf(issuer, PemFile.privateKey(PemFile.read(good.key())));
        assertRefused(below.issue());
    }

    @Test
    void revokedCertificateIsRefusedOnNewAndOnOpenConnections() throws Exception {
        TlsMaterial material = material(pki.domain(TrustDomain.NETWORK).client("paris-core"));
        var client = vertx.createHttpClient(clientOptions(material));
        assertThat(await(send(client))).startsWith("200");
        pki.domain(TrustDomain.NETWORK).revoke("paris-core");
        trust.reload();
        assertThat(await(send(client))).as("open connection").startsWith("403");
        assertRefused(material);
        TlsMaterial renewed = material(pki.domain(TrustDomain.NETWORK).client("paris-core"));
        assertThat(renewed.chain().getFirst().getPublicKey())
                .isNotEqualTo(material.chain().getFirst().getPublicKey());
        assertThat(request(renewed)).startsWith("200");
    }

    @Test
    void staleOrMissingRevocationListRefusesEveryone() throws Exception {
        TlsMaterial material = material(pki.domain(TrustDomain.NETWORK).client("paris-core"));
        for (Duration later : List.of(Duration.ofDays(6), Duration.ofDays(7), Duration.ofDays(20))) {
            await(server.close());
            trust = PartnerTrust.load(pki.trust(TrustDomain.NETWORK), Clock.offset(CLOCK, later));
            server = await(listen());
            if (later.toDays() < 7) {
                assertThat(request(material)).startsWith("200");
            } else {
                assertRefused(material);
            }
        }
        Path network = folder.resolve("network");
        for (String missing : List.of("root.crl", "issuing.crl")) {
            PartnerTrust without = PartnerTrust.load(
                    List.of(new PartnerTrust.Source(
                            TrustDomain.NETWORK,
                            network.resolve("root.pem"),
                            Stream.of("root.crl", "issuing.crl")
                                    .filter(name -> !name.equals(missing))
                                    .map(network::resolve)
                                    .toList())),
                    CLOCK);
            assertThat(without.check(material.chain()))
                    .as("without " + missing)
                    .isInstanceOf(PartnerTrust.Verdict.Refused.class);
        }
    }

    @Test
    void revocationListOfAnotherKeyRefuses(@TempDir Path elsewhere) throws Exception {
        DevPki.ensure(elsewhere, CLOCK, RANDOM);
        TlsMaterial material = material(pki.domain(TrustDomain.NETWORK).client("paris-core"));
        Files.copy(
                elsewhere.resolve("network/issuing.crl"),
                folder.resolve("network/issuing.crl"),
                StandardCopyOption.REPLACE_EXISTING);
        trust.reload();
        assertRefused(material);
    }

    @Test
    void reloadKeepsAskingForACertificate() throws Exception {
        TlsMaterial material = material(pki.domain(TrustDomain.NETWORK).client("paris-core"));
        await(tls.reload(server));
        assertRefused(null);
        assertThat(request(material)).startsWith("200");
    }

    @Test
    void reloadShowsTheRenewedServerCertificate() throws Exception {
        TlsMaterial material = material(pki.domain(TrustDomain.NETWORK).client("paris-core"));
        BigInteger before = shownSerial(material);
        pki.domain(TrustDomain.OPERATOR).revoke(DevPki.GATEWAY);
        DevPki.ensure(folder, CLOCK, RANDOM);
        assertThat(shownSerial(material)).as("until it is told").isEqualTo(before);
        await(tls.reload(server));
        BigInteger renewed =
                TlsMaterial.read(pki.operatorServer(), CLOCK).chain().getFirst().getSerialNumber();
        assertThat(renewed).isNotEqualTo(before);
        assertThat(shownSerial(material)).isEqualTo(renewed);
        assertThat(request(material)).startsWith("200");
    }

    /** Of the certificate that the server shows on a connection of its own. */
    private BigInteger shownSerial(TlsMaterial material) throws Exception {
        var client = vertx.createHttpClient(clientOptions(material));
        try {
            return await(client.request(HttpMethod.GET, server.actualPort(), "localhost", "/")
                    .compose(request -> {
                        X509Certificate shown = leaf(request.connection());
                        return request.send().compose(HttpClientResponse::body).map(shown.getSerialNumber());
                    }));
        } finally {
            await(client.close());
        }
    }

    private static X509Certificate leaf(HttpConnection connection) {
        try {
            return (X509Certificate) connection.peerCertificates().getFirst();
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oldProtocolsAndWeakSuitesAreRefused() throws Exception {
        TlsMaterial material = material(pki.domain(TrustDomain.NETWORK).client("paris-core"));
        for (String suite :
                List.of("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384")) {
            HttpClientOptions weak = clientOptions(material)
                    .setEnabledSecureTransportProtocols(java.util.Set.of("TLSv1.2"))
                    .addEnabledCipherSuite(suite);
            assertThatThrownBy(() -> ask(weak, server)).isInstanceOf(Exception.class);
        }
        HttpClientOptions strong = clientOptions(material)
                .setEnabledSecureTransportProtocols(java.util.Set.of("TLSv1.2"))
                .addEnabledCipherSuite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assertThat(ask(strong, server)).startsWith("200");
    }

    @Test
    void aListenerWithAKeyOfRsaSpeaksToOlderClientsToo() throws Exception {
        TestLeaf leaf = new TestLeaf(folder.resolve("operator"));
        leaf.keys = TestLeaf.rsa(2_048);
        leaf.purposes = List.of(KeyPurposeId.id_kp_serverAuth);
        leaf.uris = List.of();
        leaf.otherNames = List.of(new GeneralName(GeneralName.dNSName, "localhost"));
        TlsMaterial rsa = leaf.issue();
        HttpServer withRsa = await(vertx.createHttpServer(ServerTls.mutual(() -> rsa, trust)
                        .applyTo(new HttpServerOptions().setPort(0).setHost("127.0.0.1")))
                .requestHandler(this::answer)
                .listen());
        try {
            HttpClientOptions older = clientOptions(
                            material(pki.domain(TrustDomain.NETWORK).client("paris-core")))
                    .setEnabledSecureTransportProtocols(java.util.Set.of("TLSv1.2"));
            assertThat(ask(older, withRsa)).startsWith("200");
        } finally {
            await(withRsa.close());
        }
    }

    @Test
    void aCertificateThatTheListenerDidNotTakeIsNotTheOneThatIsShown() throws Exception {
        Instant before = tls.ends().orElseThrow();
        TestLeaf leaf = new TestLeaf(folder.resolve("operator"));
        TlsMaterial other = leaf.issue();
        AtomicReference<TlsMaterial> material = new AtomicReference<>(TlsMaterial.read(pki.operatorServer(), CLOCK));
        ServerTls reloaded = ServerTls.server(material::get);
        reloaded.applyTo(new HttpServerOptions());
        HttpServer notListening = vertx.createHttpServer();

        material.set(other);
        assertThatThrownBy(() -> await(reloaded.refresh(notListening))).isInstanceOf(Exception.class);
        assertThat(reloaded.ends()).contains(before);
    }

    private Future<HttpServer> listen() throws Exception {
        tls = ServerTls.mutual(() -> TlsMaterial.read(pki.operatorServer(), CLOCK), trust);
        return vertx.createHttpServer(
                        tls.applyTo(new HttpServerOptions().setPort(0).setHost("127.0.0.1")))
                .requestHandler(this::answer)
                .listen();
    }

    private void answer(HttpServerRequest request) {
        try {
            List<X509Certificate> chain = request.connection().peerCertificates().stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            boolean trusted = trust.check(chain) instanceof PartnerTrust.Verdict.Trusted;
            String name = chain.getFirst().getSubjectX500Principal().getName();
            request.response().setStatusCode(trusted ? 200 : 403).end(name);
        } catch (SSLPeerUnverifiedException e) {
            request.response().setStatusCode(500).end();
        }
    }

    private void assertRefused(@Nullable TlsMaterial material) {
        assertThatThrownBy(() -> request(material)).isInstanceOf(Exception.class);
    }

    private String request(@Nullable TlsMaterial material) throws Exception {
        return ask(clientOptions(material), server);
    }

    /** Holds on to the client until it is answered: one that nobody refers to closes itself. */
    private static String ask(HttpClientOptions options, HttpServer server) throws Exception {
        var client = vertx.createHttpClient(options);
        try {
            return await(send(client, server));
        } finally {
            await(client.close());
        }
    }

    private Future<String> send(io.vertx.core.http.HttpClient client) {
        return send(client, server);
    }

    private static Future<String> send(io.vertx.core.http.HttpClient client, HttpServer server) {
        return client.request(HttpMethod.GET, server.actualPort(), "localhost", "/")
                .compose(request -> request.send())
                .compose((HttpClientResponse response) ->
                        response.body().map(body -> response.statusCode() + " " + body));
    }

    private HttpClientOptions clientOptions(@Nullable TlsMaterial material) throws Exception {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setConnectTimeout(5_000)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(pki.domain(TrustDomain.OPERATOR).rootFile().toString()));
        if (material != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(material.chainPem()))
                    .setKeyValue(Buffer.buffer(material.keyPem())));
        }
        return options;
    }

    private static TlsMaterial material(TlsFiles files) throws Exception {
        return TlsMaterial.read(files, CLOCK);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 20 seconds", e);
        }
    }
}

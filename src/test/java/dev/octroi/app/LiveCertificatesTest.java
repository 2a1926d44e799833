package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.CertificateMaker;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.MadeCertificate;
import dev.octroi.rsp.cert.RspCertificate;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.StoredIdentity;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.identity.PublishedFolder;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of the SM-DP+ that are replaced by files while the gateway serves devices. */
class LiveCertificatesTest {
    private static final String OID = "2.999.10";
    private static final int HANDSHAKES = 8;

    @TempDir
    private static Path data;

    @TempDir
    private static Path folder;

    private static PublishedFolder published;
    private static MadeCertificate manufacturer;
    private static MadeCertificate tls;
    private static RunningGateway server;
    private static String plan;
    private static int cards = 900;

    @BeforeAll
    static void start() throws Exception {
        published = new PublishedFolder(folder);
        MadeCertificate root = published.root(Curve.P256);
        manufacturer = CertificateMaker.eum(Curve.P256).issuedBy(root);
        tls = tls();
        put("DPtls", "DP_TLS_NIST", tls);
        server = new RunningGateway(data, "rsp.certificates=" + folder, "rsp.certificatePoll=PT1S");
        plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void replacedFilesAreShownToNewHandshakesAndUsedByDownloadsWhileOpenConnectionsStay() throws Exception {
        assertThat(shown()).containsExactly(serial(tls));
        download();

        try (SSLSocket open = connect()) {
            MadeCertificate next = tls();
            // A certificate without its key: the old one is shown on, however often the gateway looks meanwhile.
            published.put("DPtls/CERT_S_SM_DP_TLS_NIST.der", next.der());
            await().atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(metric("octroi_rsp_certificates_refused"))
                            .endsWith(" 1.0"));
            assertThat(shown()).containsExactly(serial(tls));

            MadeCertificate auth = issue(4, 500);
            MadeCertificate binding = issue(5, 700);
            put("DPauth", "DPauth_ECDSA_NIST", auth);
            put("DPpb", "DPpb_ECDSA_NIST", binding);
            put("DPtls", "DP_TLS_NIST", next);
            await().atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(shown()).containsExactly(serial(next)));
            assertThat(metric("octroi_rsp_certificates_refused")).endsWith(" 0.0");
            assertThat(daysLeft("DPauth")).isBetween(498L, 500L);
            assertThat(daysLeft("DPpb")).isBetween(698L, 700L);
            assertThat(authenticationCertificate()).isEqualTo(auth.der());

            assertThat(((X509Certificate) open.getSession().getPeerCertificates()[0]).getSerialNumber())
                    .as("the connection from before")
                    .isEqualTo(serial(tls));
            assertThat(statusOn(open)).startsWith("HTTP/1.1 404");
        }
        download();
    }

    private static MadeCertificate tls() throws Exception {
        return CertificateMaker.tls("localhost", OID).issuedBy(published.root(Curve.P256));
    }

    /** A DPauth (4) or DPpb (5) certificate, younger than that in the folder. */
    private static MadeCertificate issue(int arc, int days) throws Exception {
        Instant now = Instant.now();
        return CertificateMaker.server(Curve.P256, arc, OID)
                .valid(now.minusSeconds(60), now.plus(Duration.ofDays(days)))
                .issuedBy(published.root(Curve.P256));
    }

    private static void put(String place, String name, MadeCertificate made) throws Exception {
        published.put(place + "/CERT_S_SM_" + name + ".der", made.der());
        published.put(place + "/SK_S_SM_" + name + ".pem", PublishedFolder.key(Curve.P256, made.keys(), true));
    }

    /** The numbers of the certificates that new handshakes see, on every event loop of the listener. */
    private static Set<BigInteger> shown() throws Exception {
        Set<BigInteger> numbers = new HashSet<>();
        for (int i = 0; i < HANDSHAKES; i++) {
            try (SSLSocket socket = connect()) {
                numbers.add(((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber());
            }
        }
        return numbers;
    }

    /** A context for each connection, so that none takes up the session of another. */
    private static SSLSocket connect() throws Exception {
        SSLSocket socket =
                (SSLSocket) trust().getSocketFactory().createSocket("localhost", server.gateway.port("device"));
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext trust() {
        return LpaTrust.of(List.of(published.root(Curve.P256).der()));
    }

    private static BigInteger serial(MadeCertificate made) throws Exception {
        return ((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(made.der())))
                .getSerialNumber();
    }

    private static String statusOn(SSLSocket socket) throws Exception {
        socket.getOutputStream()
                .write("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    /** CERT.DPauth as ES9+.InitiateAuthentication answers it. */
    private static byte[] authenticationCertificate() throws Exception {
        byte[] bytes = ciKeyId();
        Tlv info = Tlv.constructed(
                0xBF20,
                Tlv.of(0x82, new byte[] {2, 5, 0}),
                Tlv.constructed(0xA9, Tlv.of(0x04, bytes)),
                Tlv.constructed(0xAA, Tlv.of(0x04, bytes)));
        JsonObject body = new JsonObject()
                .put("euiccChallenge", Base64.getEncoder().encodeToString(new byte[16]))
                .put("euiccInfo1", Base64.getEncoder().encodeToString(info.raw()))
                .put("smdpAddress", address());
        try (HttpClient http = HttpClient.newBuilder().sslContext(trust()).build()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://" + address() + "/gsma/rsp2/es9plus/initiateAuthentication"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                    .build();
            String answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return Base64.getDecoder().decode(new JsonObject(answer).getString("serverCertificate"));
        }
    }

    private static byte[] ciKeyId() throws Exception {
        ByteBuffer id = RspCertificate.parse(published.root(Curve.P256).der())
                .subjectKeyId()
                .orElseThrow();
        byte[] bytes = new byte[id.remaining()];
        id.duplicate().get(bytes);
        return bytes;
    }

    private static String address() {
        return "localhost:" + server.gateway.port("device");
    }

    /** A new order is downloaded by a new card of the manufacturer. */
    private static void download() throws Exception {
        String subscription = server.order(plan, 1, 201)
                .getJsonArray("subscriptions")
                .getJsonObject(0)
                .getString("id");
        String code = server.reseller(HttpMethod.GET, "/v1/subscriptions/" + subscription + "/activation", null, 200)
                .getString("code");
        cards++;
        MadeCertificate own =
                CertificateMaker.euicc(Curve.P256, GsmaEid.test(cards)).issuedBy(manufacturer);
        StoredIdentity identity = new StoredIdentity(
                base64(published.root(Curve.P256).der()),
                base64(own.der()),
                base64(manufacturer.der()),
                base64(own.keys().getPrivate().getEncoded()));
        VirtualEuicc card = VirtualEuicc.create(identity, CardFacts.standard(), Clock.systemUTC(), new SecureRandom());
        try (Lpa lpa = new Lpa(card, trust(), LpaSettings.standard())) {
            lpa.download(code);
        }
        assertThat(card.profiles()).hasSize(1);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static long daysLeft(String role) throws Exception {
        String issuer = HexFormat.of().formatHex(ciKeyId());
        String line = metrics()
                .filter(each -> each.startsWith("octroi_rsp_certificate_expiry_seconds")
                        && each.contains("\"" + role + "\"")
                        && each.contains(issuer))
                .findFirst()
                .orElseThrow();
        return Duration.ofSeconds((long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toDays();
    }

    private static String metric(String name) throws Exception {
        return metrics().filter(each -> each.startsWith(name)).findFirst().orElseThrow();
    }

    private static Stream<String> metrics() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.gateway.port("management") + "/metrics"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines();
        }
    }
}

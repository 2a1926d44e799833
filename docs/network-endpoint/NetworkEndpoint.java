import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * A sample receiver of policy callbacks, one file without dependencies: {@code java NetworkEndpoint.java PKI PORT}.
 *
 * <p>It shows what every receiver must do: ask for the gateway's client certificate, take a policy only if its version
 * is higher than the last one of that subscription (callbacks come at least once), apply it, and only then answer 2xx.
 * PKI is the gateway's {@code pki} folder; the certificate is issued with
 * {@code octroi pki issue network network-endpoint --server localhost}.
 */
public final class NetworkEndpoint {
    private static final int MAX_BODY = 64 * 1024;
    private static final Pattern SUBSCRIPTION = Pattern.compile("\"subscription\":\"(sub_[0-9A-Z]{13})\"");
    private static final Pattern VERSION = Pattern.compile("\"version\":([0-9]{1,18})");

    private static final Map<String, Long> APPLIED = new ConcurrentHashMap<>();

    private NetworkEndpoint() {}

    public static void main(String[] arguments) throws Exception {
        Path pki = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        SSLContext tls = tls(
                pki.resolve("network/leaves/network-endpoint.pem"),
                pki.resolve("network/leaves/network-endpoint.key"),
                pki.resolve("operator/root.pem"));
        HttpsServer server = HttpsServer.create(new InetSocketAddress(port), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readNBytes(MAX_BODY), StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(take(body) ? 204 : 400, -1);
            }
        });
        server.start();
        System.out.println("listening on " + port);
    }

    private static boolean take(String body) {
        Matcher subscription = SUBSCRIPTION.matcher(body);
        Matcher version = VERSION.matcher(body);
        if (!subscription.find() || !version.find()) {
            return false;
        }
        long number = Long.parseLong(version.group(1));
        APPLIED.compute(subscription.group(1), (key, last) -> {
            if (last != null && last >= number) {
                return last;
            }
            // Here a real endpoint would tell its PCF or its gateway.
            System.out.println("policy version " + number + " of " + key + " applied");
            return number;
        });
        return true;
    }

    private static SSLContext tls(Path chain, Path key, Path root) throws Exception {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        String pem = Files.readString(key).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        own.setKeyEntry(
                "own",
                KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
                new char[0],
                certificates
                        .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(chain)))
                        .toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry(
                "root", certificates.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(root))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}

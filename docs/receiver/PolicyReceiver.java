import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * A reference receiver of Octroi's policy callbacks, with the JDK alone:
 *
 * <pre>java PolicyReceiver.java PORT own.pem own.key gateway-root.pem callback.pub</pre>
 *
 * <p>What every receiver has to do is here: ask for the gateway's certificate, verify the bytes as they came before they are
 * read, refuse old timestamps, ignore versions that are not higher than the last one, and answer 2xx only when the policy is
 * in force. What is in force can be read at {@code /state/sub_…}, so that the gateway finds what was lost.
 */
public final class PolicyReceiver {
    private static final long TOLERANCE_SECONDS = 300;
    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final String STATE = "/state/";
    /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final Pattern SUBSCRIPTION = Pattern.compile("\"subscription\":\"(sub_[0-9A-Z]{13})\"");
    private static final Pattern VERSION = Pattern.compile("\"version\":([0-9]{1,18})");
    private static final Pattern DATA = Pattern.compile("\"data\":(\\{.*})}$", Pattern.DOTALL);
    private static final String REPAIR = "\"repair\":true";

    private final PublicKey key;
    private final Consumer<String> enforcement;
    /** Keep this where it outlives a restart. */
    private final Map<String, Held> policies = new ConcurrentHashMap<>();

    private record Held(long version, String data) {}

    /**
     * @param publicKey {@code whpk_…}, from the gateway's file {@code callback.pub} or any answer about a webhook
     * @param enforcement puts a policy into force and returns only when it is
     */
    public PolicyReceiver(String publicKey, Consumer<String> enforcement) throws GeneralSecurityException {
        byte[] raw = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
        byte[] encoded = HexFormat.of().parseHex(HexFormat.of().formatHex(ED25519_PREFIX) + HexFormat.of().formatHex(raw));
        this.key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        this.enforcement = enforcement;
    }

    /** The status to answer: 204 taken or known already, 400 not ours to take, 401 not from the gateway, 409 lower than what is in force. */
    public int take(String id, String timestamp, String signatures, byte[] body, long nowSeconds)
            throws GeneralSecurityException {
        if (!isGenuine(id, timestamp, signatures, body, nowSeconds)) {
            return 401;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        Matcher subscription = SUBSCRIPTION.matcher(text);
        Matcher version = VERSION.matcher(text);
        Matcher data = DATA.matcher(text);
        if (!subscription.find() || !version.find() || !data.find()) {
            return 400;
        }
        long offered = Long.parseLong(version.group(1));
        Held held = policies.compute(subscription.group(1), (name, last) -> {
            // What was lost here, or held here for a while only, comes again under the version that it has.
            long least = text.contains(REPAIR) ? offered : offered - 1;
            if (last != null && last.version() > least) {
                return last;
            }
            enforcement.accept(text);
            return new Held(offered, data.group(1));
        });
        // Not in force, and not known already: a gateway whose database was restored from a backup must not take it for
        // confirmed.
        return held.version() > offered ? 409 : 204;
    }

    /** The version in force; 0 when none was taken. */
    public long version(String subscription) {
        Held held = policies.get(subscription);
        return held == null ? 0 : held.version();
    }

    /** The policy in force as it was told, {@code version} and {@code level} in it; empty when none was taken. */
    public String state(String subscription) {
        Held held = policies.get(subscription);
        return held == null ? "" : held.data();
    }

    private boolean isGenuine(String id, String timestamp, String signatures, byte[] body, long nowSeconds)
            throws GeneralSecurityException {
        if (id == null || timestamp == null || signatures == null || !timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        if (Math.abs(nowSeconds - Long.parseLong(timestamp)) > TOLERANCE_SECONDS) {
            return false;
        }
        for (String each : signatures.split(" ", -1)) {
            if (each.startsWith("v1a,") && verifies(id + "." + timestamp + ".", body, each.substring(4))) {
                return true;
            }
        }
        return false;
    }

    private boolean verifies(String head, byte[] body, String signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(head.getBytes(StandardCharsets.US_ASCII));
        verifier.update(body);
        try {
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("GET") && path.startsWith(STATE)) {
                show(exchange, state(path.substring(STATE.length())));
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES);
            var headers = exchange.getRequestHeaders();
            exchange.sendResponseHeaders(
                    take(
                            headers.getFirst("webhook-id"),
                            headers.getFirst("webhook-timestamp"),
                            headers.getFirst("webhook-signature"),
                            body,
                            System.currentTimeMillis() / 1_000),
                    -1);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void show(HttpExchange exchange, String state) throws IOException {
        byte[] body = state.getBytes(StandardCharsets.UTF_8);
        if (body.length == 0) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    /**
     * Listens until it is stopped.
     *
     * @param tls shows our certificate and trusts the gateway's authority
     */
    public HttpsServer listen(InetSocketAddress address, SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(address, 100);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        return server;
    }

    public static void main(String[] args) throws Exception {
        String publicKey = args[4].startsWith("whpk_") ? args[4] : Files.readString(Path.of(args[4])).strip();
        SSLContext tls = tls(Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
        // Put the policy into force here, and return only when it is.
        new PolicyReceiver(publicKey, System.out::println)
                .listen(new InetSocketAddress(Integer.parseInt(args[0])), tls);
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
                "gateway", certificates.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(root))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
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
 * A reference receiver of Octroi's policy callbacks, with the JDK alone:
 *
 * <pre>java PolicyReceiver.java PORT own.p12 gateway-root.p12 PASSWORD whpk_…</pre>
 *
 * <p>What every receiver has to do is here: ask for the gateway's certificate, verify the bytes as they came before they are
 * read, refuse old timestamps, ignore versions that are not higher than the last one, and answer 2xx only when the policy is
 * in force.
 */
public final class PolicyReceiver {
    private static final long TOLERANCE_SECONDS = 300;
    private static final int MAX_BODY_BYTES = 64 * 1024;
    /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final Pattern SUBSCRIPTION = Pattern.compile("\"subscription\":\"(sub_[0-9A-Z]{13})\"");
    private static final Pattern VERSION = Pattern.compile("\"version\":([0-9]{1,18})");

    private final PublicKey key;
    /** Keep this where it outlives a restart. */
    private final Map<String, Long> versions = new ConcurrentHashMap<>();

    /** @param publicKey {@code whpk_…}, from the gateway's log at its start or any answer about a webhook */
    public PolicyReceiver(String publicKey) throws GeneralSecurityException {
        byte[] raw = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
        byte[] encoded = HexFormat.of().parseHex(HexFormat.of().formatHex(ED25519_PREFIX) + HexFormat.of().formatHex(raw));
        key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** The status to answer: 204 taken or known already, 400 not ours to take, 401 not from the gateway. */
    public int take(String id, String timestamp, String signatures, byte[] body, long nowSeconds)
            throws GeneralSecurityException {
        if (!isGenuine(id, timestamp, signatures, body, nowSeconds)) {
            return 401;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        Matcher subscription = SUBSCRIPTION.matcher(text);
        Matcher version = VERSION.matcher(text);
        if (!subscription.find() || !version.find()) {
            return 400;
        }
        long offered = Long.parseLong(version.group(1));
        versions.compute(subscription.group(1), (name, last) -> {
            if (last != null && offered <= last) {
                return last;
            }
            enforce(text);
            return offered;
        });
        return 204;
    }

    /** The version in force; 0 when none was taken. */
    public long version(String subscription) {
        return versions.getOrDefault(subscription, 0L);
    }

    private boolean isGenuine(String id, String timestamp, String signatures, byte[] body, long nowSeconds)
            throws GeneralSecurityException {
        if (id == null || timestamp == null || signatures == null || !timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        if (Math.abs(nowSeconds - Long.parseLong(timestamp)) > TOLERANCE_SECONDS) {
            return false;
        }
        for (String each : signatures.split(" ")) {
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

    /** Put the policy into force here, and return only when it is. */
    private void enforce(String policy) {
        System.out.println(policy);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
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

    public static void main(String[] args) throws Exception {
        PolicyReceiver receiver = new PolicyReceiver(args[4]);
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(store(args[1], args[3]), args[3].toCharArray());
        TrustManagerFactory gateway = TrustManagerFactory.getInstance("PKIX");
        gateway.init(store(args[2], args[3]));
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), gateway.getTrustManagers(), null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 100);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", receiver::handle);
        server.start();
    }

    private static KeyStore store(String file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            store.load(in, password.toCharArray());
        }
        return store;
    }
}

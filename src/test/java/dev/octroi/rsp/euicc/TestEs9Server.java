package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.rsp.asn1.Tlv;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** ES9+ over TLS around a {@link TestSmdp}; a test may spoil any answer. */
final class TestEs9Server implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final TestSmdp smdp;
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<byte[]> notifications = new CopyOnWriteArrayList<>();
    final Map<String, Consumer<ObjectNode>> spoil = new HashMap<>();
    final Map<String, String> headers = new HashMap<>();
    int failNotifications;
    int refuseCodes;
    int status = 200;
    final List<String> userAgents = new CopyOnWriteArrayList<>();
    final List<String> cancelReasons = new CopyOnWriteArrayList<>();
    byte[] metadataShown = new byte[0];
    private final HttpsServer http;
    private Tlv authenticated = Tlv.constructed(0x30);
    private final String eid;

    TestEs9Server(TestSmdp smdp, GsmaCredential tls, String eid) throws Exception {
        this.smdp = smdp;
        this.eid = eid;
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("tls", tls.privateKey(), new char[0], new Certificate[] {tls.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        http = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setHttpsConfigurator(new HttpsConfigurator(context));
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/gsma/rsp2/es9plus/", this::handle);
        http.start();
        smdp.address = address();
        smdp.notificationAddress = address();
    }

    String address() {
        return "localhost:" + http.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String function = path.substring(path.lastIndexOf('/') + 1);
        calls.add(function);
        userAgents.add(exchange.getRequestHeaders().getFirst("User-Agent") + " "
                + exchange.getRequestHeaders().getFirst("X-Admin-Protocol"));
        boolean asn1 = exchange.getRequestHeaders().getFirst("Content-Type").equals("application/x-gsma-rsp-asn1");
        byte[] received = exchange.getRequestBody().readAllBytes();
        try {
            JsonNode request = asn1 ? TestAsn1.request(function, received) : JSON.readTree(received);
            if (function.equals("handleNotification")) {
                boolean fails = failNotifications-- > 0;
                if (!fails) {
                    notifications.add(bytes(request, "pendingNotification"));
                }
                exchange.sendResponseHeaders(fails ? 503 : 204, -1);
                return;
            }
            ObjectNode answer = JSON.createObjectNode();
            ObjectNode execution = answer.putObject("header").putObject("functionExecutionStatus");
            execution.put("status", "Executed-Success");
            answer(function, request, answer);
            spoil.getOrDefault(function, node -> {}).accept(answer);
            byte[] body = asn1 ? TestAsn1.answer(function, answer) : JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders()
                    .set("Content-Type", asn1 ? "application/x-gsma-rsp-asn1" : "application/json;charset=UTF-8");
            exchange.getResponseHeaders().set("X-Admin-Protocol", "gsma/rsp/v2.5.0");
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (Exception e) {
            exchange.sendResponseHeaders(500, -1);
        } finally {
            exchange.close();
        }
    }

    private void answer(String function, JsonNode request, ObjectNode answer) throws Exception {
        answer.put("transactionId", HexFormat.of().withUpperCase().formatHex(smdp.transactionId));
        switch (function) {
            case "initiateAuthentication" -> {
                Tlv made = smdp.authenticateServerRequest(bytes(request, "euiccChallenge"));
                put(answer, "serverSigned1", made.children().get(0));
                put(answer, "serverSignature1", made.children().get(1));
                put(answer, "euiccCiPKIdToBeUsed", made.children().get(2));
                put(answer, "serverCertificate", made.children().get(3));
            }
            case "authenticateClient" -> {
                authenticated = Tlv.parse(bytes(request, "authenticateServerResponse"));
                Tlv made = smdp.prepareDownloadRequest(authenticated, new byte[0]);
                put(answer, "smdpSigned2", made.children().get(0));
                put(answer, "smdpSignature2", made.children().get(1));
                put(answer, "smdpCertificate", made.children().get(2));
                answer.put(
                        "profileMetadata",
                        Base64.getEncoder()
                                .encodeToString(
                                        metadataShown.length > 0
                                                ? metadataShown
                                                : smdp.metadata().raw()));
            }
            case "getBoundProfilePackage" -> {
                if (refuseCodes-- > 0) {
                    refuse(answer, "8.2.7", "3.8");
                } else {
                    Tlv prepared = Tlv.parse(bytes(request, "prepareDownloadResponse"));
                    put(answer, "boundProfilePackage", smdp.boundPackage(prepared, eid));
                }
            }
            case "cancelSession" ->
                cancelReasons.add(String.valueOf(Tlv.parse(bytes(request, "cancelSessionResponse"))
                        .require(0xA0)
                        .require(0x30)
                        .require(0x82)
                        .asInt()));
            default -> {}
        }
    }

    static void refuse(ObjectNode answer, String subject, String reason) {
        answer.removeAll();
        ObjectNode execution = answer.putObject("header").putObject("functionExecutionStatus");
        execution.put("status", "Failed");
        execution.putObject("statusCodeData").put("subjectCode", subject).put("reasonCode", reason);
    }

    private static void put(ObjectNode answer, String field, Tlv element) {
        answer.put(field, Base64.getEncoder().encodeToString(element.raw()));
    }

    private static byte[] bytes(JsonNode request, String field) {
        return Base64.getDecoder().decode(request.path(field).asText());
    }

    @Override
    public void close() {
        http.stop(0);
    }
}

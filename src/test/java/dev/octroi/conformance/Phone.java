package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A phone with a card: sends the messages of ES9+ one by one in its binding. Its fields may be changed between them. */
final class Phone {
    static final String JSON_TYPE = "application/json";
    static final String ASN1_TYPE = "application/x-gsma-rsp-asn1";
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, HttpClient> CLIENTS = new ConcurrentHashMap<>();

    final SmDp server;
    final Wire wire;
    final Card card;
    byte[] transactionId = new byte[0];
    /** What the card signs in the place of the transaction id; the same unless a case wants otherwise. */
    byte[] signedTransactionId = new byte[0];

    byte[] serverChallenge = new byte[0];
    String signedAddress;
    String device = "35290611";
    List<byte[]> moreSigned1 = new ArrayList<>();
    List<byte[]> moreContext = new ArrayList<>();
    byte[] signature1 = new byte[0];
    byte[] smdpSignature2 = new byte[0];
    Answer offer;

    Phone(SmDp server, Wire wire, Card card) {
        this.server = server;
        this.wire = wire;
        this.card = card;
        this.signedAddress = server.address();
    }

    static Phone of(SmDp server, Wire wire) throws Exception {
        return new Phone(server, wire, Card.of(server.issuers(wire)));
    }

    Answer initiate() throws Exception {
        return initiate(server.address(), card.info1(), Keys.random(16));
    }

    Answer initiate(String address, byte[] info1, byte[] challenge) throws Exception {
        Answer answer = wire.asn1
                ? call(Function.INITIATE, Der.tlv(0x81, challenge), Der.utf8(0x83, address), info1)
                : call(
                        Function.INITIATE,
                        JSON.createObjectNode()
                                .put("euiccChallenge", base64(challenge))
                                .put("euiccInfo1", base64(info1))
                                .put("smdpAddress", address));
        if (answer.status().equals("ok")) {
            transactionId = Der.hex(answer.transactionId());
            signedTransactionId = transactionId;
            serverChallenge = answer.part("serverSigned1").get(0x84).value();
        }
        return answer;
    }

    byte[] context(String matchingId) {
        byte[] info = Der.tlv(
                0xA1,
                Der.tlv(0x80, Der.hex(device)),
                Der.tlv(0xA1, Der.tlv(0x80, Der.hex("0F0000")), Der.tlv(0x81, Der.hex("0B0000"))),
                Der.tlv(0x82, Der.hex("3529061100000010")));
        return Der.tlv(
                0xA0, matchingId == null ? new byte[0] : Der.utf8(0x80, matchingId), info, Card.all(moreContext));
    }

    /** EuiccSigned1; without a matching id when it is null. */
    byte[] signed1(String matchingId) {
        return Der.tlv(
                0x30,
                Der.tlv(0x80, signedTransactionId),
                Der.utf8(0x83, signedAddress),
                Der.tlv(0x84, serverChallenge),
                card.info2(),
                context(matchingId),
                Card.all(moreSigned1));
    }

    Answer authenticate(String matchingId) throws Exception {
        return authenticate(card.authenticated(signed1(matchingId)));
    }

    Answer authenticate(byte[] response) throws Exception {
        Answer answer = named(Function.AUTHENTICATE, response);
        if (answer.status().equals("ok")) {
            offer = answer;
            smdpSignature2 = answer.part("smdpSignature2").raw();
            signature1 = card.lastSignature;
        }
        return answer;
    }

    /** The session up to the offer. */
    Answer admitted(SmDp.Order order) throws Exception {
        initiate().accepted();
        return authenticate(order.matchingId()).accepted();
    }

    Answer fetch() throws Exception {
        return fetch(card.prepared(card.signed2(signedTransactionId, null), smdpSignature2));
    }

    Answer fetchWithCode(String code) throws Exception {
        return fetch(card.prepared(card.signed2(signedTransactionId, Card.hash(code, transactionId)), smdpSignature2));
    }

    Answer fetch(byte[] response) throws Exception {
        return named(Function.FETCH, response);
    }

    Answer cancel(int reason) throws Exception {
        return cancel(card.cancelled(signedTransactionId, SmDp.OID, reason));
    }

    Answer cancel(byte[] response) throws Exception {
        return named(Function.CANCEL, response);
    }

    /** Sends a notification; gives the HTTP status, and fails when a 204 has a body. */
    int tell(byte[] pending) throws Exception {
        HttpResponse<byte[]> response = wire.asn1
                ? post(Function.NOTIFY.path, ASN1_TYPE, Der.tlv(0xA2, Der.tlv(0xBF3D, pending)))
                : post(
                        Function.NOTIFY.path,
                        JSON_TYPE,
                        JSON.writeValueAsBytes(JSON.createObjectNode().put("pendingNotification", base64(pending))));
        if (response.statusCode() == 204) {
            assertThat(response.body()).isEmpty();
        }
        return response.statusCode();
    }

    private Answer named(Function function, byte[] element) throws Exception {
        return wire.asn1
                ? call(function, Der.tlv(0x80, transactionId), element)
                : call(
                        function,
                        JSON.createObjectNode()
                                .put("transactionId", Der.hex(transactionId))
                                .put(function.field, base64(element)));
    }

    /** A request in JSON, whatever the binding of the phone. */
    Answer call(Function function, ObjectNode request) throws Exception {
        HttpResponse<byte[]> response = post(function.path, JSON_TYPE, JSON.writeValueAsBytes(request));
        return readJson(function, response);
    }

    static Answer readJson(Function function, HttpResponse<byte[]> response) throws Exception {
        assertThat(response.statusCode()).as(function.path).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json;charset=UTF-8");
        JsonNode body = JSON.readTree(response.body());
        JsonNode execution = body.path("header").path("functionExecutionStatus");
        Map<String, Der.Element> parts = new LinkedHashMap<>();
        body.properties().forEach(field -> {
            if (!field.getKey().equals("header") && !field.getKey().equals("transactionId")) {
                parts.put(
                        field.getKey(),
                        Der.read(Base64.getDecoder().decode(field.getValue().textValue())));
            }
        });
        String status = execution.path("status").asText();
        if (status.equals("Executed-Success")) {
            assertThat(execution.has("statusCodeData")).isFalse();
            assertThat(List.copyOf(parts.keySet())).isEqualTo(function.answers);
            return new Answer(function, false, "ok", body.path("transactionId").asText(""), parts, response);
        }
        assertThat(status).isEqualTo("Failed");
        JsonNode data = execution.path("statusCodeData");
        return new Answer(
                function,
                false,
                data.path("subjectCode").textValue() + "/"
                        + data.path("reasonCode").textValue(),
                body.path("transactionId").asText(""),
                parts,
                response);
    }

    /** A request in ASN.1, whatever the binding of the phone. */
    Answer call(Function function, byte[]... parts) throws Exception {
        return readAsn1(function, post(function.path, ASN1_TYPE, Der.tlv(0xA2, Der.tlv(function.tag, parts))));
    }

    static Answer readAsn1(Function function, HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(function.path).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains(ASN1_TYPE);
        Der.Element envelope = Der.read(response.body());
        assertThat(envelope.tag()).isEqualTo(0xA2);
        assertThat(envelope.children()).hasSize(1);
        List<Der.Element> choice = envelope.get(function.tag).children();
        assertThat(choice).hasSize(1);
        if (choice.getFirst().tag() == 0x81) {
            String number = new java.math.BigInteger(choice.getFirst().value()).toString();
            return new Answer(function, true, number, "", Map.of(), response);
        }
        assertThat(choice.getFirst().tag()).isEqualTo(0xA0);
        List<Der.Element> fields = new ArrayList<>(choice.getFirst().children());
        String transactionId = "";
        if (!function.answers.isEmpty()) {
            assertThat(fields.getFirst().tag()).isEqualTo(0x80);
            transactionId = Der.hex(fields.removeFirst().value());
        }
        assertThat(fields).hasSameSizeAs(function.answers);
        Map<String, Der.Element> parts = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            parts.put(function.answers.get(i), fields.get(i));
        }
        return new Answer(function, true, "ok", transactionId, parts, response);
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("https://" + server.address() + "/gsma/rsp2/es9plus/" + path))
                .header("User-Agent", "gsma-rsp-lpad")
                .header("X-Admin-Protocol", "gsma/rsp/v2.2.2")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client(server).send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    static HttpClient client(SmDp server) {
        return CLIENTS.computeIfAbsent(server.address(), address -> {
            try {
                return HttpClient.newBuilder().sslContext(tls(server)).build();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static void disconnect(SmDp server) {
        CLIENTS.remove(server.address());
    }

    /** Trusts the CI and nobody else, as a phone does. */
    static SSLContext tls(SmDp server) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "ci",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(
                                server.issuers(Wire.JSON_P256).ci.der())));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}

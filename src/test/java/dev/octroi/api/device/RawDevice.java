package dev.octroi.api.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** A phone whose every byte a test decides: it signs with a card's key whatever it is told to. */
final class RawDevice implements AutoCloseable {
    private static final Provider BC = new BouncyCastleProvider();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SecureRandom random = new SecureRandom();
    private final DeviceServer server;
    private final HttpClient http;
    private final VirtualEuicc facts;

    GsmaCredential euicc;
    GsmaCredential eum;
    Tlv info1;
    Tlv info2;
    byte[] challenge = new byte[16];
    String address;
    String transactionId = "";
    byte[] signedTransactionId = new byte[0];
    byte[] serverChallenge = new byte[0];
    String matchingId = "";
    boolean spoilSignature;
    List<Tlv> moreInSigned1 = new ArrayList<>();
    List<Tlv> moreInResponse = new ArrayList<>();
    byte[] signature1 = new byte[0];
    JsonNode offer = JSON.createObjectNode();

    RawDevice(DeviceServer server, String eid) {
        this.server = server;
        this.euicc = server.pki().issueEuicc(eid);
        this.eum = server.pki().material().eum();
        this.facts = server.card();
        this.info1 = facts.euiccInfo1();
        this.info2 = facts.euiccInfo2();
        this.address = server.address();
        this.http = HttpClient.newBuilder()
                .sslContext(LpaTrust.of(facts.ciCertificates()))
                .build();
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Posts and gives the answer; fails the test when it is no answer of ES9+. */
    JsonNode call(String function, ObjectNode request) throws Exception {
        HttpResponse<String> response = post(function, request.toString());
        if (response.statusCode() != 200) {
            throw new AssertionError(function + " answered with HTTP status " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }

    HttpResponse<String> post(String function, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("https://" + server.address() + "/gsma/rsp2/es9plus/" + function))
                        .header("Content-Type", "application/json")
                        .header("X-Admin-Protocol", "gsma/rsp/v2.2.2")
                        .header("User-Agent", "gsma-rsp-lpad")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** "ok" or subject and reason code. */
    static String status(JsonNode answer) {
        JsonNode execution = answer.path("header").path("functionExecutionStatus");
        if (execution.path("status").asText().equals("Executed-Success")) {
            return "ok";
        }
        JsonNode data = execution.path("statusCodeData");
        return data.path("subjectCode").asText() + "/" + data.path("reasonCode").asText();
    }

    ObjectNode initiateRequest() {
        return object().put("euiccChallenge", base64(challenge))
                .put("euiccInfo1", base64(info1.raw()))
                .put("smdpAddress", address);
    }

    JsonNode initiate() throws Exception {
        random.nextBytes(challenge);
        JsonNode answer = call("initiateAuthentication", initiateRequest());
        if (status(answer).equals("ok")) {
            transactionId = answer.path("transactionId").textValue();
            signedTransactionId = HexFormat.of().parseHex(transactionId);
            serverChallenge = element(answer, "serverSigned1").require(0x84).value();
        }
        return answer;
    }

    ObjectNode authenticateRequest() throws Exception {
        List<Tlv> context = new ArrayList<>();
        if (!matchingId.isEmpty()) {
            context.add(Tlv.utf8(0x80, matchingId));
        }
        context.add(
                facts.facts().tac().isEmpty()
                        ? Tlv.constructed(0xA1)
                        : Tlv.constructed(
                                0xA1,
                                Tlv.of(
                                        0x80,
                                        HexFormat.of().parseHex(facts.facts().tac())),
                                Tlv.constructed(0xA1)));
        List<Tlv> fields = new ArrayList<>(List.of(
                Tlv.of(0x80, signedTransactionId),
                Tlv.utf8(0x83, server.address()),
                Tlv.of(0x84, serverChallenge),
                info2,
                Tlv.constructed(0xA0, context)));
        fields.addAll(moreInSigned1);
        Tlv signed = Tlv.constructed(0x30, fields);
        signature1 = Tlv.of(0x5F37, sign(signed.raw())).raw();
        List<Tlv> parts = new ArrayList<>(List.of(
                signed, Tlv.parse(signature1), Tlv.parse(euicc.certificateDer()), Tlv.parse(eum.certificateDer())));
        parts.addAll(moreInResponse);
        return object().put("transactionId", transactionId)
                .put(
                        "authenticateServerResponse",
                        base64(Tlv.constructed(0xBF38, Tlv.constructed(0xA0, parts))
                                .raw()));
    }

    JsonNode authenticate() throws Exception {
        offer = call("authenticateClient", authenticateRequest());
        return offer;
    }

    ObjectNode packageRequest() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair oneTime = generator.generateKeyPair();
        Tlv signed = Tlv.constructed(0x30, Tlv.of(0x80, signedTransactionId), Tlv.of(0x5F49, point(oneTime)));
        byte[] signature = sign(signed.raw(), element(offer, "smdpSignature2").raw());
        return object().put("transactionId", transactionId)
                .put(
                        "prepareDownloadResponse",
                        base64(Tlv.constructed(0xBF21, Tlv.constructed(0xA0, signed, Tlv.of(0x5F37, signature)))
                                .raw()));
    }

    ObjectNode cancelRequest(int reason, byte[] oid) throws Exception {
        Tlv signed =
                Tlv.constructed(0x30, Tlv.of(0x80, signedTransactionId), Tlv.of(0x81, oid), Tlv.integer(0x82, reason));
        return object().put("transactionId", transactionId)
                .put(
                        "cancelSessionResponse",
                        base64(Tlv.constructed(
                                        0xBF41, Tlv.constructed(0xA0, signed, Tlv.of(0x5F37, sign(signed.raw()))))
                                .raw()));
    }

    byte[] sign(byte[]... parts) throws Exception {
        Signature signature = Signature.getInstance("SHA256withPLAIN-ECDSA", BC);
        signature.initSign(euicc.privateKey(), random);
        for (byte[] part : parts) {
            signature.update(part);
        }
        byte[] made = signature.sign();
        if (spoilSignature) {
            made[made.length - 1] ^= 1;
        }
        return made;
    }

    static Tlv element(JsonNode answer, String field) throws Exception {
        return Tlv.parse(Base64.getDecoder().decode(answer.path(field).textValue()));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The element with one child replaced, or without it when there is no other. */
    static Tlv with(Tlv parent, int tag, Tlv... instead) {
        List<Tlv> children = new ArrayList<>();
        for (Tlv child : parent.children()) {
            if (child.tag() == tag) {
                children.addAll(Arrays.asList(instead));
            } else {
                children.add(child);
            }
        }
        return Tlv.constructed(parent.tag(), children);
    }

    private static byte[] point(KeyPair keys) {
        return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded())
                .getPublicKeyData()
                .getOctets();
    }

    @Override
    public void close() {
        http.close();
    }
}

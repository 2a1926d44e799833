package dev.octroi.api.device;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import dev.octroi.rsp.euicc.LpaTrust;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends messages of ES9+ one by one, as a test wants them. */
final class ProbeDevice implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final HttpClient http;
    private final DeviceServer server;
    private DeviceServer gateway;
    final PlainCard card;

    byte[] transactionId = new byte[0];
    byte[] serverChallenge = new byte[0];

    @Nullable
    Tlv smdpSignature2;

    ProbeDevice(DeviceServer server, PlainCard card) {
        this.server = server;
        this.gateway = server;
        this.card = card;
        this.http = HttpClient.newBuilder()
                .sslContext(LpaTrust.of(List.of(server.pki().material().ci().certificateDer())))
                .build();
    }

    /** Sends what follows to a gateway that shares the server's database and address. */
    void reach(DeviceServer next) {
        gateway = next;
    }

    HttpResponse<byte[]> post(String function, String contentType, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://" + gateway.listening() + "/gsma/rsp2/es9plus/" + function))
                .header("Content-Type", contentType)
                .header("X-Admin-Protocol", "gsma/rsp/v2.2.2")
                .header("User-Agent", "gsma-rsp-lpad")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    JsonObject call(String function, JsonObject request) throws Exception {
        HttpResponse<byte[]> response =
                post(function, "application/json", request.toBuffer().getBytes());
        if (response.statusCode() == 204) {
            return new JsonObject();
        }
        if (response.statusCode() != 200) {
            throw new IllegalStateException("HTTP " + response.statusCode());
        }
        return new JsonObject(new String(response.body(), StandardCharsets.UTF_8));
    }

    /** The status as subject/reason, or "ok". */
    static String status(JsonObject answer) {
        JsonObject status = answer.getJsonObject("header").getJsonObject("functionExecutionStatus");
        if (status.getString("status").equals("Executed-Success")) {
            return "ok";
        }
        JsonObject data = status.getJsonObject("statusCodeData");
        return data.getString("subjectCode") + "/" + data.getString("reasonCode");
    }

    static byte[] challenge() {
        byte[] challenge = new byte[16];
        RANDOM.nextBytes(challenge);
        return challenge;
    }

    JsonObject initiate() throws Exception {
        return initiate(server.address(), card.info1());
    }

    JsonObject initiate(String address, Tlv info1) throws Exception {
        JsonObject answer = call(
                "initiateAuthentication",
                new JsonObject()
                        .put("euiccChallenge", base64(challenge()))
                        .put("euiccInfo1", base64(info1.raw()))
                        .put("smdpAddress", address));
        if (status(answer).equals("ok")) {
            Tlv signed = element(answer, "serverSigned1");
            transactionId = HexFormat.of().parseHex(answer.getString("transactionId"));
            serverChallenge = signed.require(0x84).value();
        }
        return answer;
    }

    JsonObject authenticate(@Nullable String matchingId) throws Exception {
        Tlv signed = card.signed1(transactionId, server.address(), serverChallenge, matchingId);
        return authenticate(card.authenticated(signed, card.sign(signed.raw())));
    }

    JsonObject authenticate(Tlv response) throws Exception {
        JsonObject answer = call(
                "authenticateClient",
                new JsonObject()
                        .put("transactionId", HexFormat.of().withUpperCase().formatHex(transactionId))
                        .put("authenticateServerResponse", base64(response.raw())));
        if (status(answer).equals("ok")) {
            smdpSignature2 = element(answer, "smdpSignature2");
        }
        return answer;
    }

    JsonObject download(byte @Nullable [] hash) throws Exception {
        return download(card.prepared(transactionId, signature2(), hash));
    }

    JsonObject download(Tlv prepared) throws Exception {
        return call(
                "getBoundProfilePackage",
                new JsonObject()
                        .put("transactionId", HexFormat.of().formatHex(transactionId))
                        .put("prepareDownloadResponse", base64(prepared.raw())));
    }

    JsonObject cancel(Tlv response) throws Exception {
        return call(
                "cancelSession",
                new JsonObject()
                        .put("transactionId", HexFormat.of().formatHex(transactionId))
                        .put("cancelSessionResponse", base64(response.raw())));
    }

    int notifyServer(Tlv pending) throws Exception {
        return post(
                        "handleNotification",
                        "application/json;charset=UTF-8",
                        new JsonObject()
                                .put("pendingNotification", base64(pending.raw()))
                                .toBuffer()
                                .getBytes())
                .statusCode();
    }

    Tlv signature2() {
        if (smdpSignature2 == null) {
            throw new IllegalStateException("not authenticated");
        }
        return smdpSignature2;
    }

    static Tlv element(JsonObject answer, String field) throws Exception {
        return Tlv.parse(Base64.getDecoder().decode(answer.getString(field)), TlvLimits.PACKAGE);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public void close() {
        http.close();
    }
}

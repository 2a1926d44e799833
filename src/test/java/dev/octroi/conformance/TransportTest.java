package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How messages of ES9+ travel (SGP.22 §6.2 to §6.6): HTTP, the JSON envelope, the ASN.1 envelope. */
@ExtendWith(OneServer.class)
class TransportTest {
    private static final String PATH = "/gsma/rsp2/es9plus/";

    private final SmDp server;
    private Phone phone;

    TransportTest(SmDp server) {
        this.server = server;
    }

    @BeforeEach
    void take() throws Exception {
        phone = Phone.of(server, Wire.JSON_P256);
    }

    private String initiate() {
        return "{\"euiccChallenge\":\"%s\",\"euiccInfo1\":\"%s\",\"smdpAddress\":\"%s\"}"
                .formatted(Phone.base64(Keys.random(16)), Phone.base64(phone.card.info1()), server.address());
    }

    private byte[] initiateAsn1() {
        return Der.tlv(
                0xA2,
                Der.tlv(0xBF39, Der.tlv(0x81, Keys.random(16)), Der.utf8(0x83, server.address()), phone.card.info1()));
    }

    private HttpResponse<byte[]> post(String type, String body, String... headers) throws Exception {
        return phone.post("initiateAuthentication", type, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static Answer read(HttpResponse<byte[]> response) throws Exception {
        return Phone.readJson(Function.INITIATE, response);
    }

    // HTTP

    @Test
    void answersCarryMediaTypeAndProtocolVersion() throws Exception {
        HttpResponse<byte[]> good = post("application/json", initiate());
        HttpResponse<byte[]> refused = post("application/json", "{}");
        for (HttpResponse<byte[]> answer : List.of(good, refused)) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("content-type")).containsExactly("application/json;charset=UTF-8");
            assertThat(answer.headers().allValues("x-admin-protocol"))
                    .singleElement()
                    .asString()
                    .matches("gsma/rsp/v2\\.[0-9]+\\.[0-9]+");
        }
        HttpResponse<byte[]> asn1 = phone.post("initiateAuthentication", Phone.ASN1_TYPE, initiateAsn1());
        assertThat(asn1.headers().allValues("content-type")).containsExactly(Phone.ASN1_TYPE);
        assertThat(asn1.headers().firstValue("x-admin-protocol").orElse("")).startsWith("gsma/rsp/v2.");
    }

    @Test
    void notificationIsAnsweredWith204WithoutBodyAndWithProtocolVersion() throws Exception {
        byte[] pending = phone.card.changed(1, "0640", null);
        HttpResponse<byte[]> answer = phone.post(
                "handleNotification",
                "application/json",
                ("{\"pendingNotification\":\"" + Phone.base64(pending) + "\"}").getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("x-admin-protocol").orElse("")).startsWith("gsma/rsp/v2.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json;charset=UTF-8",
                "application/json; charset=utf-8",
                "Application/JSON ; Charset=\"UTF-8\"",
            })
    void mediaTypeOfJsonMayHaveParametersAndAnyCase(String type) throws Exception {
        read(post(type, initiate())).accepted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-gsma-rsp-asn1", "APPLICATION/X-GSMA-RSP-ASN1", "application/x-gsma-rsp-asn1; v=2"
            })
    void mediaTypeOfAsn1MayHaveParametersAndAnyCase(String type) throws Exception {
        Phone.readAsn1(Function.INITIATE, phone.post("initiateAuthentication", type, initiateAsn1()))
                .accepted();
    }

    @Test
    void withoutMediaTypeTheBodyIsJson() throws Exception {
        read(post(null, initiate())).accepted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonx"})
    void otherMediaTypesAre415(String type) throws Exception {
        assertThat(post(type, initiate()).statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({
        "gsma-rsp-lpad,gsma/rsp/v2.2.2",
        "gsma-rsp-com.truphone.lpad,gsma/rsp/v2.2.0",
        "gsma-rsp-lpad,gsma/rsp/v3.1.0",
        "gsma-rsp-lpad,gsma/rsp/v2.5.0",
        "curl/8.5.0,anything",
    })
    void anyUserAgentAndProtocolVersionIsServed(String agent, String protocol) throws Exception {
        read(post("application/json", initiate(), "User-Agent", agent, "X-Admin-Protocol", protocol))
                .accepted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"header\":{\"functionRequesterIdentifier\":\"1.2.3\",\"functionCallIdentifier\":\"4\"},",
                "\"header\":{},",
                "\"header\":null,",
                "\"header\":{\"functionExecutionStatus\":{\"status\":\"x\"}},",
                "\"unknown\":[1,{\"a\":null}],",
                "",
            })
    void headerObjectAndUnknownFieldsArePassedOver(String more) throws Exception {
        read(post("application/json", "{" + more + initiate().substring(1))).accepted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
    void otherMethodsAre405(String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://" + server.address() + PATH + "initiateAuthentication"))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(Phone.client(server)
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/gsma/rsp2/es9plus/",
                "/gsma/rsp2/es9plus/initiateauthentication",
                "/gsma/rsp2/es9plus/smdp/initiateAuthentication",
                "/gsma/rsp3/es9plus/confirmDeviceChange",
                "/gsma/rsp2/es2plus/downloadOrder",
                "/",
            })
    void otherPathsAre404(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + server.address() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(initiate()))
                .build();
        assertThat(Phone.client(server)
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void bodyOverTheLimitIs413() throws Exception {
        assertThat(post("application/json", "{\"a\":\"" + "x".repeat(70_000) + "\"}")
                        .statusCode())
                .isEqualTo(413);
    }

    // The JSON envelope

    @ParameterizedTest
    @EnumSource(Function.class)
    void whatIsNoJsonObjectIsRefused1_6_2_1(Function function) throws Exception {
        for (String body : new String[] {
            "", " ", "null", "[]", "17", "\"text\"", "{", "{\"a\":}", "{} {}", "{\"a\":1}x", "\u0000", "[".repeat(5_000)
        }) {
            HttpResponse<byte[]> answer =
                    phone.post(function.path, "application/json", body.getBytes(StandardCharsets.UTF_8));
            Phone.readJson(function, answer).refused("1.6/2.1");
        }
        byte[] notUtf8 = {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'};
        assertThat(phone.post(function.path, "application/json", notUtf8).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "true", "{}", "[]", "1e400", "\"%%%\"", "\"AB-_\"", "\"A\"", "\"\\ud800\""})
    void fieldThatIsNoBase64TextIsRefused1_6_2_1(String value) throws Exception {
        String good = Phone.base64(phone.card.info1());
        read(post("application/json", initiate().replace("\"" + good + "\"", value)))
                .refused("1.6/2.1");
    }

    @Test
    void base64MayHaveLineBreaksAndMayLackItsPadding() throws Exception {
        String good = Phone.base64(phone.card.info1());
        String lines = Base64.getMimeEncoder(16, "\r\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(phone.card.info1())
                .replace("\r\n", "\\r\\n");
        read(post("application/json", initiate().replace(good, lines))).accepted();
        read(post("application/json", initiate().replace(good, " " + good.replace("=", "") + " ")))
                .accepted();
    }

    @Test
    void fieldThatIsThereTwiceIsNoServerError() throws Exception {
        Answer answer = read(post("application/json", initiate().replaceFirst("\\{", "{\"smdpAddress\":\"x\",")));
        assertThat(answer.status()).isIn("ok", "1.6/2.1");
    }

    // The ASN.1 envelope

    @ParameterizedTest
    @EnumSource(names = {"INITIATE", "AUTHENTICATE", "FETCH", "CANCEL"})
    void whatIsNoEnvelopeIsRefusedAsUndefined(Function function) throws Exception {
        byte[] inner = Der.tlv(function.tag, Der.tlv(0x80, Keys.random(16)));
        for (byte[] body : new byte[][] {
            {},
            {0},
            Der.hex("A2"),
            Der.hex("A280 0000"),
            Der.tlv(0xA2),
            Der.tlv(0x30, inner),
            inner,
            Der.join(Der.tlv(0xA2, inner), Der.hex("00")),
            Der.tlv(0xA2, Der.tlv(0xBF3C, Der.tlv(0x80, Keys.random(16)))),
            Der.tlv(0xA2, Der.hex("BF39 84 7FFFFFFF 00")),
            "{}".getBytes(StandardCharsets.UTF_8),
            Keys.random(300),
        }) {
            Phone.readAsn1(function, phone.post(function.path, Phone.ASN1_TYPE, body))
                    .refused("1.6/2.1");
        }
    }

    // Connections, byte by byte

    @Test
    void connectionServesManyRequestsAndThoseSentAhead() throws Exception {
        byte[] one = request("1.1", "", initiate());
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(Der.join(one, request("1.1", "", initiate()), request("1.1", "", "{}")));
            InputStream in = socket.getInputStream();
            assertThat(answer(in)).contains("200 OK", "Executed-Success");
            assertThat(answer(in)).contains("200 OK", "Executed-Success");
            assertThat(answer(in)).contains("200 OK", "Failed");
            socket.getOutputStream().write(one);
            assertThat(answer(in)).contains("Executed-Success");
        }
    }

    @Test
    void headerNamesMayHaveAnyCase() throws Exception {
        byte[] body = initiate().getBytes(StandardCharsets.UTF_8);
        String head = "POST " + PATH + "initiateAuthentication HTTP/1.1\r\nHOST: " + server.address()
                + "\r\nCONTENT-TYPE: application/json\r\nx-admin-PROTOCOL: gsma/rsp/v2.2.2\r\ncontent-LENGTH: "
                + body.length + "\r\n\r\n";
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(Der.join(head.getBytes(StandardCharsets.US_ASCII), body));
            assertThat(answer(socket.getInputStream()).toLowerCase(Locale.ROOT))
                    .contains("content-type: application/json;charset=utf-8", "x-admin-protocol: gsma/rsp/v2.");
        }
    }

    @Test
    void chunkedBodyIsRead() throws Exception {
        String body = initiate();
        String chunked = "POST " + PATH + "initiateAuthentication HTTP/1.1\r\nHost: " + server.address()
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + "10\r\n"
                + body.substring(0, 16) + "\r\n" + Integer.toHexString(body.length() - 16) + "\r\n"
                + body.substring(16) + "\r\n0\r\n\r\n";
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(chunked.getBytes(StandardCharsets.US_ASCII));
            assertThat(answer(socket.getInputStream())).contains("Executed-Success");
        }
    }

    /** The HTTP library of several LPAs asks before it sends a large body, and waits a second when nobody answers. */
    @Test
    void clientThatExpects100IsToldToGoOn() throws Exception {
        byte[] all = request("1.1", "Expect: 100-continue\r\n", initiate());
        int head = new String(all, StandardCharsets.US_ASCII).indexOf("\r\n\r\n") + 4;
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(all, 0, head);
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 100 ");
            socket.getOutputStream().write(all, head, all.length - head);
            assertThat(answer(socket.getInputStream())).contains("200 OK", "Executed-Success");
        }
    }

    @Test
    void http10IsServedAndTheConnectionEnds() throws Exception {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(request("1.0", "", initiate()));
            InputStream in = socket.getInputStream();
            assertThat(answer(in)).contains(" 200 OK", "Executed-Success");
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    private byte[] request(String version, String more, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + PATH + "initiateAuthentication HTTP/" + version + "\r\nHost: " + server.address()
                + "\r\nUser-Agent: gsma-rsp-lpad\r\nX-Admin-Protocol: gsma/rsp/v2.2.2\r\n"
                + "Content-Type: application/json\r\n" + more + "Content-Length: " + bytes.length + "\r\n\r\n";
        return Der.join(head.getBytes(StandardCharsets.US_ASCII), bytes);
    }

    private SSLSocket connect() throws Exception {
        SSLSocket socket = (SSLSocket) Phone.tls(server).getSocketFactory().createSocket("localhost", server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new AssertionError("the connection ended within a head: " + head);
            }
            head.write(octet);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static String answer(InputStream in) throws IOException {
        String head = head(in);
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                int length =
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
                return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
            }
        }
        return head;
    }
}

package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.euicc.LpaException.Source;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/** ES9+ in the JSON or the ASN.1 binding (SGP.22 v2.5 §6.5, §6.6), strict about what comes back unless told otherwise. */
final class Es9Client implements AutoCloseable {
    private static final int MAX_ANSWER_BYTES = 4 << 20;
    private static final String TLS_POLICY = "2.23.146.1.2.1.3";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final LpaSettings settings;

    Es9Client(SSLContext tls, LpaSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The fields of a request. */
    static ObjectNode request() {
        return JSON.createObjectNode();
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Calls a function that answers with a header. */
    Es9Answer call(String address, String function, ObjectNode request) throws LpaException {
        HttpResponse<byte[]> response = send(address, function, request);
        requireSuccess(response, function);
        if (settings.strict()) {
            String type = response.headers().firstValue("content-type").orElse("");
            require(type.toLowerCase(Locale.ROOT).startsWith(contentType()), function, "not " + contentType());
            String protocol = response.headers().firstValue("x-admin-protocol").orElse("");
            require(protocol.matches("gsma/rsp/v[23]\\..*"), function, "no X-Admin-Protocol of version 2 or 3");
        }
        return executed(new Es9Answer(function, decode(function, response.body())));
    }

    /** The answer, when its header says that the function was executed. */
    private static Es9Answer executed(Es9Answer answer) throws LpaException {
        JsonNode execution = answer.body().path("header").path("functionExecutionStatus");
        String status = execution.path("status").asText();
        if (status.equals("Executed-Success") || status.equals("Executed-WithWarning")) {
            return answer;
        }
        require(!status.isEmpty(), answer.step(), "answer without functionExecutionStatus");
        JsonNode data = execution.path("statusCodeData");
        require(data.path("subjectCode").isTextual(), answer.step(), "status without subject code");
        require(data.path("reasonCode").isTextual(), answer.step(), "status without reason code");
        String subject = data.path("subjectCode").textValue();
        String reason = data.path("reasonCode").textValue();
        String sentence =
                "%s/%s %s".formatted(subject, reason, data.path("message").asText(""));
        throw new LpaException(Source.SERVER, answer.step(), sentence.strip(), subject, reason);
    }

    /** Calls a function that answers with nothing. */
    void tell(String address, String function, ObjectNode request) throws LpaException {
        HttpResponse<byte[]> response = send(address, function, request);
        requireSuccess(response, function);
        require(response.statusCode() != 204 || response.body().length == 0, function, "204 with a body");
    }

    private static void requireSuccess(HttpResponse<byte[]> response, String function) throws LpaException {
        require(response.statusCode() / 100 == 2, function, "HTTP status " + response.statusCode());
    }

    private HttpResponse<byte[]> send(String address, String function, ObjectNode body) throws LpaException {
        String base = settings.endpoint().map(URI::toString).orElse("https://" + address);
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/gsma/rsp2/es9plus/" + function))
                    .timeout(settings.timeout())
                    .header("User-Agent", "gsma-rsp-lpad")
                    .header("X-Admin-Protocol", "gsma/rsp/v" + settings.protocolVersion())
                    .header("Content-Type", contentType())
                    .POST(HttpRequest.BodyPublishers.ofByteArray(encode(function, body)))
                    .build();
            HttpResponse<byte[]> response = http.send(
                    request,
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
            if (settings.strict() && response.sslSession().isPresent()) {
                Certificate[] chain = response.sslSession().get().getPeerCertificates();
                require(isTlsCertificate(chain[0]), function, "TLS certificate without the policy of an SM-DP+");
            }
            return response;
        } catch (IOException | IllegalArgumentException e) {
            throw new LpaException(Source.NETWORK, function, e.getClass().getSimpleName() + " " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LpaException(Source.NETWORK, function, "interrupted");
        }
    }

    private String contentType() {
        return settings.asn1() ? Asn1Binding.CONTENT_TYPE : "application/json";
    }

    private byte[] encode(String function, ObjectNode request) throws JsonProcessingException {
        return settings.asn1() ? Asn1Binding.of(function).encode(request) : JSON.writeValueAsBytes(request);
    }

    private JsonNode decode(String function, byte[] bytes) throws LpaException {
        if (!settings.asn1()) {
            return json(function, bytes);
        }
        try {
            return Asn1Binding.of(function).decode(bytes);
        } catch (MalformedTlvException e) {
            throw LpaSession.refused(function, "malformed: " + e.getMessage());
        }
    }

    private static boolean isTlsCertificate(Certificate certificate) {
        try {
            return CardCertificate.read(certificate.getEncoded()).policies().contains(TLS_POLICY);
        } catch (CardRefusal | CertificateEncodingException e) {
            return false;
        }
    }

    private static JsonNode json(String function, byte[] bytes) throws LpaException {
        try {
            JsonNode node = JSON.readTree(bytes);
            require(node != null && node.isObject(), function, "answer is not a JSON object");
            return node;
        } catch (IOException e) {
            throw LpaSession.refused(function, "answer is not JSON");
        }
    }

    private static void require(boolean condition, String function, String complaint) throws LpaException {
        if (!condition) {
            throw LpaSession.refused(function, complaint);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}

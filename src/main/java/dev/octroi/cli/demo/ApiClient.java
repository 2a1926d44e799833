package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A client of one listener, with or without a certificate of its own and a bearer token. */
public final class ApiClient implements AutoCloseable {
    public static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final HttpClient client;
    private final String baseUrl;
    private final Map<String, String> headers;

    /** A client of the listener at the address, such as {@code https://localhost:8443}. */
    public ApiClient(String baseUrl, SSLContext tls) {
        this(
                HttpClient.newBuilder()
                        .sslContext(tls)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build(),
                baseUrl,
                Map.of());
    }

    private ApiClient(HttpClient client, String baseUrl, Map<String, String> headers) {
        this.client = client;
        this.baseUrl = baseUrl;
        this.headers = headers;
    }

    /** An answer, whatever its status. */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        /** The body, which must be JSON if there is one. */
        public JsonNode json() throws IOException {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        /** This answer, if it has the status that was wanted. */
        public Answer expect(int wanted) {
            if (status != wanted) {
                throw new NotObserved("wanted status " + wanted + ", got " + status + ": " + shortened());
            }
            return this;
        }

        private String shortened() {
            String text = text();
            return text.length() > 400 ? text.substring(0, 400) + "…" : text;
        }
    }

    /** The same connections with a bearer token. */
    public ApiClient withToken(String token) {
        return new ApiClient(client, baseUrl, Map.of("Authorization", "Bearer " + token));
    }

    /** GET. */
    public Answer get(String path) throws IOException {
        return send("GET", path, "", "", Map.of());
    }

    Answer get(String path, Map<String, String> more) throws IOException {
        return send("GET", path, "", "", more);
    }

    Answer post(String path, JsonNode body) throws IOException {
        return send("POST", path, "application/json", body.toString(), Map.of());
    }

    /** POST of JSON with further headers. */
    public Answer post(String path, JsonNode body, Map<String, String> more) throws IOException {
        return send("POST", path, "application/json", body.toString(), more);
    }

    Answer put(String path, JsonNode body, Map<String, String> more) throws IOException {
        return send("PUT", path, "application/json", body.toString(), more);
    }

    /** Any request with a body of text; an empty body is none. */
    public Answer send(String method, String path, String contentType, String body, Map<String, String> more)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl + path))
                .timeout(TIMEOUT)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        headers.forEach(request::header);
        more.forEach(request::header);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Map<String, String> answered = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            response.headers().map().forEach((name, values) -> answered.put(name, String.join(", ", values)));
            return new Answer(response.statusCode(), answered, response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

package dev.octroi.callback.call;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.ClientExchange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls receivers: follows no redirects by itself, no proxy, at most 64 KiB of answer, one deadline for everything. Made once
 * and kept: connections are pooled.
 */
public final class CallbackClient {
    private static final int CONNECT_TIMEOUT_MS = 3_000;
    private static final int IDLE_SECONDS = 30;
    private static final int MAX_WAITING = 1_000;

    private final Vertx vertx;
    private final HttpClient client;

    /** What a receiver answered. */
    public record Answer(
            int status,
            @Nullable String retryAfter,
            @Nullable String location,
            Buffer body) {}

    /**
     * @param tls trust and, for mutual TLS, the client certificate; protocols and verification of the host's name are
     *     set here
     * @param connectionsPerHost bound of the pool for each receiver
     */
    public CallbackClient(Vertx vertx, HttpClientOptions tls, int connectionsPerHost) {
        this(vertx, tls, connectionsPerHost, List.of(HttpVersion.HTTP_1_1));
    }

    /** The same towards receivers that speak HTTP/2, such as network functions (3GPP TS 29.500 §5.2), or HTTP/1.1. */
    public static CallbackClient http2(Vertx vertx, HttpClientOptions tls, int connectionsPerHost) {
        return new CallbackClient(vertx, tls, connectionsPerHost, List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
    }

    private CallbackClient(Vertx vertx, HttpClientOptions tls, int connectionsPerHost, List<HttpVersion> versions) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        HttpClientOptions options = new HttpClientOptions(tls)
                .setSsl(true)
                .setVerifyHost(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setMaxHeaderSize(16_384)
                .setDecompressionSupported(false);
        if (versions.contains(HttpVersion.HTTP_2)) {
            options.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2).setAlpnVersions(versions);
        }
        this.client = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(connectionsPerHost).setMaxWaitQueueSize(MAX_WAITING))
                .build();
    }

    /** Closes the pool; requests under way fail. */
    public Future<Void> close() {
        return client.close();
    }

    /**
     * Posts a message.
     *
     * @param url https
     * @param address where to connect instead of what the name resolves to; null: resolve
     * @param timeoutMs for connecting, sending and the whole answer
     */
    public Future<Answer> post(URI url, @Nullable InetAddress address, Message message, long timeoutMs) {
        return send("POST", url, address, message, timeoutMs);
    }

    /** The same with another method; a message without a body goes without one. */
    public Future<Answer> send(String method, URI url, @Nullable InetAddress address, Message message, long timeoutMs) {
        RequestOptions options =
                options(url, address, message.headers(), timeoutMs).setMethod(HttpMethod.valueOf(method));
        return ClientExchange.of(vertx, client, options, message.body(), timeoutMs)
                .map(answer -> new Answer(
                        answer.status(),
                        answer.headers().get(HttpHeaders.RETRY_AFTER),
                        answer.headers().get(HttpHeaders.LOCATION),
                        answer.body()));
    }

    private static RequestOptions options(
            URI url, @Nullable InetAddress address, Map<String, String> headers, long timeoutMs) {
        int port = url.getPort() == -1 ? 443 : url.getPort();
        String host = CallbackAddress.bare(url.getHost());
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        RequestOptions options = new RequestOptions()
                .setSsl(true)
                .setHost(host)
                .setPort(port)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .setFollowRedirects(false)
                .setConnectTimeout(Math.min(timeoutMs, CONNECT_TIMEOUT_MS));
        if (address != null) {
            options.setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()));
        }
        headers.forEach(options::putHeader);
        options.putHeader(HttpHeaders.USER_AGENT, "Octroi/1");
        return options;
    }
}

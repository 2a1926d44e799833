package dev.octroi.callback;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
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
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls receivers: follows no redirects by itself, no proxy, at most 64 KiB of answer, one deadline for everything. Made once and kept:
 * connections are pooled.
 */
public final class CallbackClient {
    private static final int MAX_ANSWER_BYTES = 65_536;
    private static final int CONNECT_TIMEOUT_MS = 3_000;
    private static final int IDLE_SECONDS = 30;
    private static final int MAX_WAITING = 1_000;

    private final Vertx vertx;
    private final HttpClient client;

    /** What a receiver answered. */
    record Answer(
            int status,
            @Nullable String retryAfter,
            @Nullable String location,
            Buffer body) {}

    /** The answer was longer than is read. */
    static final class AnswerTooLongException extends RuntimeException {
        private static final long serialVersionUID = 1;

        AnswerTooLongException() {
            super("the answer is longer than 64 KiB", null, false, false);
        }
    }

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
    Future<Answer> post(URI url, @Nullable InetAddress address, Message message, long timeoutMs) {
        return send("POST", url, address, message, timeoutMs);
    }

    /** The same with another method; a message without a body goes without one. */
    Future<Answer> send(String method, URI url, @Nullable InetAddress address, Message message, long timeoutMs) {
        Exchange exchange = new Exchange();
        long timer = vertx.setTimer(timeoutMs, fired -> exchange.giveUp(timeoutMs));
        client.request(options(url, address, message.headers(), timeoutMs).setMethod(HttpMethod.valueOf(method)))
                .compose(request -> exchange.send(request, message.body()))
                .onComplete(exchange.answer::tryComplete, exchange.answer::tryFail);
        return exchange.answer.future().eventually(() -> {
            vertx.cancelTimer(timer);
            return Future.succeededFuture();
        });
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

    /** One request and its answer. */
    private static final class Exchange {
        private final Promise<Answer> answer = Promise.promise();
        private @Nullable HttpClientRequest request;

        Future<Answer> send(HttpClientRequest opened, Buffer body) {
            request = opened;
            if (answer.future().isComplete()) {
                opened.reset();
                return answer.future();
            }
            return (body.length() == 0 ? opened.send() : opened.send(body)).compose(response -> read(opened, response));
        }

        void giveUp(long timeoutMs) {
            if (answer.tryFail(new TimeoutException("no answer within " + timeoutMs + " ms")) && request != null) {
                request.reset();
            }
        }

        private static Future<Answer> read(HttpClientRequest request, HttpClientResponse response) {
            Promise<Answer> done = Promise.promise();
            Buffer body = Buffer.buffer();
            response.exceptionHandler(done::tryFail);
            response.handler(part -> {
                if (body.length() + part.length() > MAX_ANSWER_BYTES) {
                    done.tryFail(new AnswerTooLongException());
                    request.reset();
                } else {
                    body.appendBuffer(part);
                }
            });
            response.endHandler(end -> done.tryComplete(new Answer(
                    response.statusCode(),
                    response.getHeader(HttpHeaders.RETRY_AFTER),
                    response.getHeader(HttpHeaders.LOCATION),
                    body)));
            return done.future();
        }
    }
}

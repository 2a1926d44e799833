package dev.octroi.http;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The one place where the options of every HTTP listener are chosen. TLS is added by the caller, before ALPN is set by
 * {@link #withHttp2}.
 */
public final class ServerOptions {

    /** A connection on which nothing moves for so long is closed. Event streams beat every 15 s. */
    public static final int IDLE_TIMEOUT_SECONDS = 60;

    private static final int HANDSHAKE_TIMEOUT_SECONDS = 5;
    private static final int MAX_INITIAL_LINE_BYTES = 4 * 1024;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    /** Most streams of an HTTP/2 connection at a time. */
    static final int MAX_STREAMS = 100;

    /** Most bytes of one answer over HTTP/2, its head included; see {@link OutboundRoom}. */
    public static final int MAX_HTTP2_ANSWER_BYTES = 64 * 1024;

    private static final int ACCEPT_BACKLOG = 1024;

    private ServerOptions() {}

    /** HTTP/1.1 only, bounded in every way that Vert.x can bound it. */
    public static HttpServerOptions http1(String host, int port) {
        HttpServerOptions options = new HttpServerOptions();
        options.setHost(host).setPort(port).setAcceptBacklog(ACCEPT_BACKLOG);
        options.setSslHandshakeTimeout(HANDSHAKE_TIMEOUT_SECONDS).setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        options.setIdleTimeout(IDLE_TIMEOUT_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        options.setUseAlpn(false);
        // With cleartext HTTP/2 on, connections that never finish a head escape the slow client guard.
        return options.setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxFormAttributeSize(ContractOperation.DEFAULT_BODY_LIMIT_BYTES)
                .setCompressionSupported(false);
    }

    /**
     * HTTP/1.1 as the only protocol on offer over TLS. Listeners with answers of any length use this: with Vert.x 5.0.12
     * on Netty 4.2.20 an HTTP/2 stream that begins while another one fills the socket is never woken, and its answer never
     * ends.
     */
    public static HttpServerOptions withoutHttp2(HttpServerOptions options) {
        return options.setAlpnVersions(List.of(HttpVersion.HTTP_1_1));
    }

    /**
     * The same with HTTP/2 over TLS on offer, for listeners whose answers have at most {@link #MAX_HTTP2_ANSWER_BYTES}.
     * Vert.x' own guards against resets and continuation floods stay on.
     */
    public static HttpServerOptions withHttp2(HttpServerOptions options) {
        options.setUseAlpn(true);
        return options.setInitialSettings(
                new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS).setMaxHeaderListSize(MAX_HEADER_BYTES));
    }
}

package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What stands before every listener: guards on its connections, request ids, the access log, the header fields that
 * every answer carries, and problems for whatever goes wrong behind it.
 *
 * <pre>{@code
 * Front front = new Front("public", vertx, ConnectionLimits.DEFAULT, random, System::nanoTime);
 * Routes.of(contract)....mount(vertx, front.router());
 * front.server(tls.applyTo(ServerOptions.http1(host, port))).listen();
 * }</pre>
 */
public final class Front {

    // Every answer carries them: as bytes they are made once.
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("Referrer-Policy");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence FRAME_OPTIONS = HttpHeaders.createOptimized("X-Frame-Options");
    private static final CharSequence DENY = HttpHeaders.createOptimized("DENY");
    private static final CharSequence TRANSPORT_SECURITY = HttpHeaders.createOptimized("Strict-Transport-Security");
    private static final CharSequence ONE_YEAR = HttpHeaders.createOptimized("max-age=31536000");

    private final Vertx vertx;
    private final Router router;
    private final ConnectionGuard connections;

    /**
     * A front for one listener.
     *
     * @param listener the listener's name in logs
     * @param random source of request ids
     * @param nanoTime monotonic clock in nanoseconds
     */
    public Front(String listener, Vertx vertx, ConnectionLimits limits, RandomGenerator random, LongSupplier nanoTime) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.connections = new ConnectionGuard(vertx, limits, nanoTime);
        this.router = Router.router(vertx);
        router.route().handler(new RequestId(random));
        router.route().handler(new AccessLog(listener, nanoTime));
        router.route().handler(connections);
        router.route().handler(Front::addUsualHeaders);
        router.route().handler(Front::refuseCoded);
        ProblemHandler.install(router);
    }

    /** Where the listener's routes go. */
    public Router router() {
        return router;
    }

    /** Open connections, for a gauge. */
    public int openConnections() {
        return connections.size();
    }

    /** A server with these options, not listening yet. */
    public HttpServer server(HttpServerOptions options) {
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    boolean http1 = FramingGuard.watch(connection, options);
                    if (!http1) {
                        OutboundRoom.widen(connection);
                    }
                    connections.watch(connection, http1);
                })
                .invalidRequestHandler(FramingGuard::refuse)
                .requestHandler(router);
    }

    private static void addUsualHeaders(RoutingContext ctx) {
        ctx.response()
                .putHeader(CONTENT_TYPE_OPTIONS, NOSNIFF)
                .putHeader(REFERRER_POLICY, NO_REFERRER)
                .putHeader(FRAME_OPTIONS, DENY);
        if (ctx.request().isSSL()) {
            ctx.response().putHeader(TRANSPORT_SECURITY, ONE_YEAR);
        }
        ctx.next();
    }

    /** No body is decoded here: the bytes of a compressed one, cut into lines, are records that nobody sent. */
    private static void refuseCoded(RoutingContext ctx) {
        for (String codings : ctx.request().headers().getAll(HttpHeaders.CONTENT_ENCODING)) {
            for (String coding : codings.split(",", -1)) {
                if (!coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
                    ctx.fail(Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body is compressed.")
                            .toException()
                            .withHeader("Accept-Encoding", "identity"));
                    return;
                }
            }
        }
        ctx.next();
    }
}

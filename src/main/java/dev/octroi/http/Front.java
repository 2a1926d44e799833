package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Vertx;
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
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Frame-Options", "DENY");
        if (ctx.request().isSSL()) {
            ctx.response().putHeader("Strict-Transport-Security", "max-age=31536000");
        }
        ctx.next();
    }
}

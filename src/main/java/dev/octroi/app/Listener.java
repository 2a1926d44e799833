package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One listener of the gateway: a name, where it binds and a finished request handler. Runs one server instance for each
 * event loop it was given; they share the port.
 */
public final class Listener {
    private final String name;
    private final HttpServerOptions options;
    private final Handler<HttpServerRequest> requests;
    private final Handler<HttpConnection> connections;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    /**
     * @param options bind address and TLS
     * @param requests usually a router
     * @param connections called for every new connection, for guards that watch it
     */
    public Listener(
            String name,
            HttpServerOptions options,
            Handler<HttpServerRequest> requests,
            Handler<HttpConnection> connections) {
        this.name = requireNonNull(name, "name is null");
        this.options = requireNonNull(options, "options is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.connections = requireNonNull(connections, "connections is null");
    }

    /** Binds; completes when all instances accept connections. */
    public Future<Void> listen(Vertx vertx, int instances) {
        return vertx.deployVerticle(Instance::new, new DeploymentOptions().setInstances(instances))
                .mapEmpty();
    }

    /** The port bound, also when any free one was asked for. */
    public int port() {
        return servers.getFirst().actualPort();
    }

    /** The running servers, for a reload of their TLS settings; they share one, so the first is enough. */
    public HttpServer server() {
        return servers.getFirst();
    }

    /** Accepts nothing new, lets requests in hand end within the grace, then closes. */
    public Future<Void> shutdown(Duration grace) {
        List<Future<Void>> all = servers.stream()
                .map(server -> server.shutdown(Math.max(1, grace.toMillis()), TimeUnit.MILLISECONDS))
                .toList();
        return Future.join(all).mapEmpty();
    }

    @Override
    public String toString() {
        return "listener " + name;
    }

    /** A server on one event loop. */
    private final class Instance extends VerticleBase {
        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options)
                    .connectionHandler(connections)
                    .requestHandler(requests);
            return server.listen().onSuccess(servers::add);
        }
    }
}

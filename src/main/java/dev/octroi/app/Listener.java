package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One listener of the gateway. Runs a server on each of several event loops; they share the port. */
final class Listener {
    private final String name;
    private final Supplier<HttpServer> server;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    /**
     * @param name in logs and messages
     * @param server makes a server with its handlers, not listening yet; called once for each event loop
     */
    Listener(String name, Supplier<HttpServer> server) {
        this.name = requireNonNull(name, "name is null");
        this.server = requireNonNull(server, "server is null");
    }

    /** Binds; completes when all instances accept connections. */
    Future<Void> listen(Vertx vertx, int instances) {
        return vertx.deployVerticle(Instance::new, new DeploymentOptions().setInstances(instances))
                .mapEmpty();
    }

    /** The port bound, also when any free one was asked for. */
    int port() {
        return servers.getFirst().actualPort();
    }

    /** A running server, for a reload of the TLS settings; all share them, so one is enough. */
    HttpServer server() {
        return servers.getFirst();
    }

    /** Accepts nothing new, lets requests in hand end within the grace, then closes. */
    Future<Void> shutdown(Duration grace) {
        List<Future<Void>> all = servers.stream()
                .map(each -> each.shutdown(Math.max(1, grace.toMillis()), TimeUnit.MILLISECONDS))
                .toList();
        return Future.join(all).mapEmpty();
    }

    @Override
    public String toString() {
        return name;
    }

    /** A server on one event loop. */
    private final class Instance extends VerticleBase {
        @Override
        public Future<?> start() {
            return server.get().listen().onSuccess(servers::add);
        }
    }
}

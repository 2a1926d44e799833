package dev.octroi.app;

import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Front;
import dev.octroi.http.ServerOptions;
import dev.octroi.pki.ServerTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's listeners: one per trust domain, opened together at the end of the start and closed first. */
final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);
    private static final int START_TIMEOUT_SECONDS = 30;

    private final Vertx vertx;
    private final SecureRandom random;
    private final int instances;
    private final List<Listener> all = new ArrayList<>();
    private final List<Listener> last = new ArrayList<>();
    private final List<Reloadable> reloadable = new ArrayList<>();

    private record Reloadable(Listener listener, ServerTls tls) {}

    Listeners(Vertx vertx, SecureRandom random, int instances) {
        this.vertx = vertx;
        this.random = random;
        this.instances = instances;
    }

    /** What stands before a listener's routes; mount the routes on its router. */
    Front front(String name) {
        return new Front(name, vertx, ConnectionLimits.DEFAULT, random, System::nanoTime);
    }

    /** Adds a listener over TLS. */
    void addTls(String name, Settings.ListenerSettings where, ServerTls tls, Front front)
            throws IOException, GeneralSecurityException {
        addTls(name, ServerOptions.withoutHttp2(options(where, tls)), tls, front);
    }

    /** Adds a listener over TLS that speaks HTTP/2 too; its answers are short. */
    void addHttp2(String name, Settings.ListenerSettings where, ServerTls tls, Front front)
            throws IOException, GeneralSecurityException {
        addTls(name, ServerOptions.withHttp2(options(where, tls)), tls, front);
    }

    private static HttpServerOptions options(Settings.ListenerSettings where, ServerTls tls)
            throws IOException, GeneralSecurityException {
        return tls.applyTo(ServerOptions.http1(where.host(), where.port()));
    }

    private void addTls(String name, HttpServerOptions options, ServerTls tls, Front front) {
        Listener listener = new Listener(name, () -> front.server(options));
        all.add(listener);
        reloadable.add(new Reloadable(listener, tls));
    }

    /** Adds a listener in clear, for loopback, that says how things are and so is closed last. */
    void addPlain(String name, Settings.ListenerSettings where, Router router) {
        HttpServerOptions options = ServerOptions.http1(where.host(), where.port());
        Listener listener =
                new Listener(name, () -> vertx.createHttpServer(options).requestHandler(router));
        all.add(listener);
        last.add(listener);
    }

    /** Binds all; blocking. */
    void open() {
        for (Listener listener : all) {
            Blocking.await(listener + " listener", listener.listen(vertx, instances), START_TIMEOUT_SECONDS);
            log.atInfo()
                    .addKeyValue("listener", listener.toString())
                    .addKeyValue("port", listener.port())
                    .log("listening");
        }
    }

    /**
     * Reads certificates, anchors and revocation lists again; new handshakes see what changed. Reads files: for a worker
     * thread.
     */
    Future<Void> refreshTls() {
        List<Future<Void>> reloads = reloadable.stream()
                .map(each -> each.tls().refresh(each.listener().server()))
                .toList();
        return Future.join(reloads).mapEmpty();
    }

    /** Shuts all down together but those in clear; requests in hand may end within the grace. Blocking. */
    void close(Duration grace) {
        shutdown(all.stream().filter(listener -> !last.contains(listener)).toList(), grace);
    }

    /** Shuts down the listeners in clear. Blocking. */
    void closePlain() {
        shutdown(last, Duration.ofSeconds(1));
    }

    private static void shutdown(List<Listener> listeners, Duration grace) {
        List<Future<Void>> shutdowns =
                listeners.stream().map(listener -> listener.shutdown(grace)).toList();
        Blocking.await("listeners' shutdown", Future.join(shutdowns), (int) grace.toSeconds() + 5);
    }

    /** A bound port by the listener's name. */
    int port(String name) {
        return all.stream()
                .filter(listener -> listener.toString().equals(name))
                .findFirst()
                .orElseThrow()
                .port();
    }
}

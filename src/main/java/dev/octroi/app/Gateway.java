package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditVerifier;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.db.Migrations;
import dev.octroi.http.Front;
import dev.octroi.pki.ServerTls;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.telemetry.Metrics;
import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running gateway: everything is constructed here, in order, and closed in the reverse order. */
public final class Gateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Closing closing;
    private final Listeners listeners;

    private Gateway(Closing closing, Listeners listeners) {
        this.closing = closing;
        this.listeners = listeners;
    }

    /**
     * Starts the gateway; returns when all listeners accept requests. Blocking: for a plain thread.
     *
     * @throws RuntimeException when any part does not start; what had started is closed again
     */
    public static Gateway start(Settings settings) {
        requireNonNull(settings, "settings is null");
        Closing closing = new Closing();
        try {
            return wire(settings, closing);
        } catch (IOException | GeneralSecurityException e) {
            closing.close();
            throw new IllegalStateException("the gateway cannot start: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private static Gateway wire(Settings settings, Closing closing) throws IOException, GeneralSecurityException {
        ServerTls.hardenJdk();
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Path data = ownDirectory(settings.dataDirectory());

        // Ground: keys, certificates, database.
        Keyring keyring = Keyring.open(data, random);
        Trust trust = Trust.open(data, clock, random);
        DatabaseConfig databaseConfig = DatabaseAddress.resolve(settings, closing);
        Migrations.apply(databaseConfig);
        Metrics metrics = closing.add("metrics", new Metrics());
        Vertx vertx = closing.addVertx(vertx(metrics));
        Database database = new Database(
                vertx,
                databaseConfig,
                settings.database().poolSize(),
                settings.database().statementTimeoutMs());
        closing.addFuture("database pools", database::close);

        // Credentials: tokens, machine clients, travellers' links, partners; the record of what was done.
        Ids ids = new Ids(clock, random);
        BlindIndex index = new BlindIndex(keyring);
        Access access =
                Access.open(settings, data, vertx, database, trust.partners(), index, ids, random, clock);
        closing.addFuture("client secrets", access.clients()::close);
        AuditVerifier audit = new AuditVerifier(database, data);

        // Listeners: public, device, operator, management.
        Readiness readiness = new Readiness();
        Listeners listeners = new Listeners(vertx, random, Runtime.getRuntime().availableProcessors());
        Front publicFront = listeners.front("public");
        access.endpoint().mount(publicFront.router());
        listeners.addTls("public", settings.publicListener(), trust.publicTls(), publicFront);
        Front deviceFront = listeners.front("device");
        listeners.addTls("device", settings.device(), trust.deviceTls(), deviceFront);
        Front operatorFront = listeners.front("operator");
        listeners.addTls("operator", settings.operator(), trust.operatorTls(), operatorFront);
        listeners.addPlain(
                "management", settings.management(), new ManagementRoutes(readiness, database, metrics).router(vertx));
        listeners.open();
        closing.add("listeners", () -> listeners.close(settings.stopGrace()));
        closing.add("upkeep", Upkeep.start(vertx, trust.pki(), listeners, access.keys(), audit));
        closing.add("readiness", readiness::close);

        readiness.open();
        log.info("ready");
        return new Gateway(closing, listeners);
    }

    /** The port that a listener is bound to: {@code public}, {@code device}, {@code operator} or {@code management}. */
    public int port(String listener) {
        return listeners.port(listener);
    }

    @Override
    public void close() {
        closing.close();
    }

    private static Vertx vertx(Metrics metrics) {
        MicrometerMetricsOptions options =
                new MicrometerMetricsOptions().setEnabled(true).setJvmMetricsEnabled(false);
        return RequestContext.newVertx(
                new VertxOptions().setMetricsOptions(options), new MicrometerMetricsFactory(metrics.registry()));
    }

    private static Path ownDirectory(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Files.createDirectories(
                absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return absolute;
    }
}

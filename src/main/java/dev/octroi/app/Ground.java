package dev.octroi.app;

import dev.octroi.db.ClockWatch;
import dev.octroi.db.Connections;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.db.Migrations;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.telemetry.LogAppender;
import dev.octroi.telemetry.Metrics;
import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;

/** What every feature stands on: time and chance, keys, certificates, event loops, the database. */
record Ground(
        Clock clock,
        SecureRandom random,
        Path data,
        Keyring keyring,
        Sealer sealer,
        BlindIndex index,
        Ids ids,
        Trust trust,
        Metrics metrics,
        Vertx vertx,
        Database database,
        ClockWatch clockWatch) {

    private static final int CLOCK_SECONDS = 30;
    private static final int KEYS_SECONDS = 30;
    private static final int ROOM_SECONDS = 30;

    static Ground open(Settings settings, Closing closing) throws IOException, GeneralSecurityException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Path data = ownDirectory(settings.dataDirectory());
        DatabaseConfig databaseConfig = DatabaseAddress.watched(settings, closing);
        Migrations.apply(databaseConfig);
        Metrics metrics = closing.add("metrics", new Metrics());
        LogAppender.meter(metrics.registry());
        Connections connections = connections(settings);
        Vertx vertx = closing.addVertx(vertx(metrics, connections.loops()));
        Database database = new Database(
                vertx,
                databaseConfig,
                settings.database().poolSize(),
                settings.database().statementTimeoutMs());
        closing.addFuture("database pools", database::close);
        connections.fitInto(Blocking.await("the database's settings", database.room(), ROOM_SECONDS));
        ClockWatch clockWatch = closing.add("clock", new ClockWatch(vertx, database, clock, System::nanoTime));
        clockWatch.meter(metrics.registry());
        Blocking.await("the database's clock", clockWatch.start(), CLOCK_SECONDS);
        Keyring keyring = InstallationKeys.open(data, random, clock, vertx, database);
        GatewayKeys keys = new GatewayKeys(vertx, database, keyring);
        closing.addFuture("keys in use", keys::stop);
        Blocking.await("the note of the keys in use", keys.start(), KEYS_SECONDS);
        Trust trust = Trust.open(data, settings, clock, random);
        return new Ground(
                clock,
                random,
                data,
                keyring,
                new Sealer(keyring, random, clock),
                new BlindIndex(keyring),
                new Ids(clock, random),
                trust,
                metrics,
                vertx,
                database,
                clockWatch);
    }

    /** The event loops and connections of a gateway with these settings on this machine. */
    static Connections connections(Settings settings) {
        return Connections.of(
                settings.database().poolSize(), Runtime.getRuntime().availableProcessors());
    }

    private static Vertx vertx(Metrics metrics, int loops) {
        return RequestContext.newVertx(
                new VertxOptions().setMetricsOptions(Metrics.vertxOptions()).setEventLoopPoolSize(loops),
                new MicrometerMetricsFactory(metrics.registry()));
    }

    private static Path ownDirectory(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Files.createDirectories(
                absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return absolute;
    }
}

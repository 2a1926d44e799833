package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Migrations;
import dev.octroi.telemetry.Metrics;
import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running gateway: everything is constructed here, in order, and closed in the reverse order. */
public final class Gateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Closing closing;

    private Gateway(Closing closing) {
        this.closing = closing;
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
            DatabaseConfig databaseConfig = DatabaseAddress.resolve(settings, closing);
            Migrations.apply(databaseConfig);
            Metrics metrics = closing.add("metrics", new Metrics());
            Vertx vertx = closing.addVertx(RequestContext.newVertx(new VertxOptions()));
            Database database = new Database(
                    vertx,
                    databaseConfig,
                    settings.database().poolSize(),
                    settings.database().statementTimeoutMs());
            closing.addFuture("database pools", database::close);
            log.info("ready");
            requireNonNull(metrics);
            return new Gateway(closing);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    @Override
    public void close() {
        closing.close();
    }
}

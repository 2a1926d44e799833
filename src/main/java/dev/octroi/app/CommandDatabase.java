package dev.octroi.app;

import dev.octroi.db.Connections;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import dev.octroi.db.Migrations;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The database for one command. Where a gateway runs on the same data, its embedded server is joined and left running;
 * where none runs, it is started for the command and stopped after it.
 */
public final class CommandDatabase implements AutoCloseable {
    private static final int CONNECTIONS = 2;

    private final Closing closing;
    private final Vertx vertx;
    private final Database database;

    private CommandDatabase(Closing closing, Vertx vertx, Database database) {
        this.closing = closing;
        this.vertx = vertx;
        this.database = database;
    }

    /** Connects to the database that the settings name. Blocking. */
    public static CommandDatabase open(Settings settings) {
        return open(settings, CONNECTIONS);
    }

    /** The same with so many connections for each role. */
    static CommandDatabase open(Settings settings, int connections) {
        Closing closing = new Closing();
        try {
            Path directory = settings.dataDirectory().toAbsolutePath().resolve("pg");
            Optional<DatabaseConfig> running =
                    settings.database().url().isEmpty() ? EmbeddedServer.running(directory) : Optional.empty();
            DatabaseConfig config = running.orElseGet(() -> DatabaseAddress.resolve(settings, closing));
            prepare(config, settings.database().url().isEmpty() && running.isEmpty());
            Vertx vertx = closing.addVertx(vertx(connections));
            Database database =
                    new Database(vertx, config, connections, settings.database().statementTimeoutMs());
            closing.addFuture("database pools", database::close);
            return new CommandDatabase(closing, vertx, database);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    /** Statements of a plain thread go out over any loop, and each loop has connections of its own. */
    private static Vertx vertx(int connections) {
        int loops = Connections.of(connections, VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE)
                .loops();
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
    }

    /**
     * Only a server that nobody else uses is brought to this version: a command that is run for a look must not change what
     * gateways of another version work with, nor their passwords.
     */
    private static void prepare(DatabaseConfig config, boolean ours) {
        if (ours) {
            Migrations.apply(config);
        } else if (Migrations.arePending(config)) {
            throw new SettingsException(
                    "the database is of an older version than this command: start the gateway of this version first");
        }
    }

    /** The pools. */
    public Database database() {
        return database;
    }

    /** The instance whose event loops carry the connections. */
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public void close() {
        closing.close();
    }
}

package dev.octroi.app;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.DatabaseTls;
import dev.octroi.db.EmbeddedServer;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the database: the external one of the settings, or the embedded server, which it starts. */
final class DatabaseAddress {
    private static final Logger log = LoggerFactory.getLogger(DatabaseAddress.class);
    private static final int STANDARD_PORT = 5432;
    /** What else an address may hold would be left out without a word, such as that TLS is wanted. */
    private static final String FORM =
            "database.url wants postgresql://host:port/database and nothing else: say user and password"
                    + " by database.user and database.password, TLS by database.tls and database.ca; a host's name has no"
                    + " underscore";

    private DatabaseAddress() {}

    static DatabaseConfig resolve(Settings settings, Closing closing) {
        Settings.DatabaseSettings database = settings.database();
        if (database.url().isEmpty()) {
            return closing.add("embedded PostgreSQL", EmbeddedServer.start(directory(settings), true, room(settings)))
                    .config();
        }
        return external(database, database.url().get());
    }

    /** The same for a gateway, whose embedded server is started again where it ends by itself. */
    static DatabaseConfig watched(Settings settings, Closing closing) {
        if (settings.database().url().isPresent()) {
            return resolve(settings, closing);
        }
        return closing.add(
                        "embedded PostgreSQL",
                        EmbeddedWatch.start(
                                directory(settings),
                                room(settings),
                                System::nanoTime,
                                closing::isClosing,
                                Lifecycle::giveUp))
                .config();
    }

    private static int room(Settings settings) {
        return Ground.connections(settings).ofOwnServer();
    }

    private static Path directory(Settings settings) {
        return settings.dataDirectory().toAbsolutePath().resolve("pg");
    }

    private static DatabaseConfig external(Settings.DatabaseSettings database, String url) {
        String password = database.password()
                .orElseThrow(() -> new SettingsException("database.url is set, so database.password must be set too"));
        URI uri = address(url);
        Optional<DatabaseTls> tls = tls(database);
        if (tls.isEmpty() && !isThisMachine(uri.getHost())) {
            log.warn("the database is on another machine and reached in clear: whoever is between reads it all; set"
                    + " database.tls and database.ca");
        }
        return new DatabaseConfig(
                uri.getHost(),
                uri.getPort() < 0 ? STANDARD_PORT : uri.getPort(),
                uri.getPath().substring(1),
                database.user(),
                password,
                database.rolePassword().orElse(password),
                tls);
    }

    private static URI address(String url) {
        try {
            URI uri = new URI(url);
            String path = uri.getPath();
            if ("postgresql".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && path != null
                    && path.length() > 1) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Its message quotes the address, which may hold a password.
            throw new SettingsException(FORM);
        }
        throw new SettingsException(FORM);
    }

    private static Optional<DatabaseTls> tls(Settings.DatabaseSettings database) {
        if (!database.tls()) {
            if (database.authority().isPresent()) {
                throw new SettingsException("database.ca is set, so database.tls must be true");
            }
            return Optional.empty();
        }
        database.authority().ifPresent(file -> AuthorityFile.check("database.ca", file));
        return Optional.of(new DatabaseTls(database.authority()));
    }

    private static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

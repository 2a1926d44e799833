package dev.octroi.app;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Finds the database: the external one of the settings, or the embedded server, which it starts. */
final class DatabaseAddress {
    private DatabaseAddress() {}

    static DatabaseConfig resolve(Settings settings, Closing closing) {
        Settings.DatabaseSettings database = settings.database();
        if (database.url().isEmpty()) {
            Path directory = settings.dataDirectory().toAbsolutePath().resolve("pg");
            return closing.add("embedded PostgreSQL", EmbeddedServer.start(directory, true))
                    .config();
        }
        return external(database, database.url().get());
    }

    private static DatabaseConfig external(Settings.DatabaseSettings database, String url) {
        String password = database.password()
                .orElseThrow(() -> new SettingsException("database.url is set, so database.password must be set too"));
        try {
            URI uri = new URI(url);
            String path = uri.getPath();
            if (!"postgresql".equals(uri.getScheme()) || uri.getHost() == null || path == null || path.length() < 2) {
                throw new SettingsException("database.url wants postgresql://host:port/database");
            }
            int port = uri.getPort() < 0 ? 5432 : uri.getPort();
            return new DatabaseConfig(
                    uri.getHost(), port, path.substring(1), database.user(), password, database.tls());
        } catch (URISyntaxException e) {
            throw new SettingsException("database.url wants postgresql://host:port/database", e);
        }
    }
}

package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {
    @TempDir
    Path directory;

    @Test
    void itStopsThoughAClientStaysAndLetsGoOfItsFolderWhenItWasKilled() throws Exception {
        EmbeddedServer first = EmbeddedServer.start(directory, true);
        try (Connection client = connect(first)) {
            execute(client, "CREATE TABLE kept AS SELECT 1 AS number");
            first.close();

            assertThat(Postmaster.of(directory)).isEmpty();
            assertThat(client.isValid(1)).as("the client was disconnected").isFalse();
        }

        EmbeddedServer second = EmbeddedServer.start(directory, true);
        try (Connection client = connect(second)) {
            execute(client, "UPDATE kept SET number = 2");
        }
        Postmaster.of(directory).orElseThrow().kill();
        second.close();

        EmbeddedServer third = EmbeddedServer.start(directory, true);
        try (Connection client = connect(third);
                Statement statement = client.createStatement();
                ResultSet rows = statement.executeQuery("SELECT number FROM kept")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(2);
        } finally {
            third.close();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(EmbeddedServer server) throws SQLException {
        DatabaseConfig config = server.config();
        return DriverManager.getConnection(config.jdbcUrl(), config.ownerUser(), config.ownerPassword());
    }
}

package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.testing.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {
    @TempDir
    Path directory;

    @Test
    void filesThatAFullDiskLeftEmptyAreNotThere() throws Exception {
        Files.createFile(directory.resolve("port"));
        Files.createFile(directory.resolve("password"));
        assertThat(EmbeddedServer.running(directory)).isEmpty();
        try (EmbeddedServer server = EmbeddedServer.start(directory, false);
                Connection client = connect(server)) {
            assertThat(client.isValid(5)).isTrue();
            assertThat(Files.readString(directory.resolve("password"))).hasSize(48);
            assertThat(Files.readString(directory.resolve("port")))
                    .isEqualTo(Integer.toString(server.config().port()));
        }
    }

    @Test
    void itStopsThoughAClientStaysAndLetsGoOfItsFolderWhenItWasKilled() throws Exception {
        EmbeddedServer first = EmbeddedServer.start(directory, true);
        try (Connection client = connect(first)) {
            execute(client, "CREATE TABLE kept AS SELECT 1 AS number");
            first.close();

            assertThat(Postmaster.of(directory)).isEmpty();
            assertThat(client.isValid(1)).as("the client was disconnected").isFalse();
        }

        EmbeddedServer second = EmbeddedServer.start(directory, true, 137);
        try (Connection client = connect(second)) {
            assertThat(setting(client, "max_connections")).isEqualTo("137");
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

    /** Starts and stops a server, as a shell does that came over ssh with the language of another machine. */
    static final class StartAndStop {
        private StartAndStop() {}

        public static void main(String[] arguments) throws Exception {
            try (EmbeddedServer server = EmbeddedServer.start(Path.of(arguments[0]), true);
                    Connection client = connect(server);
                    Statement statement = client.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT upper('é'), 'a' < 'B'")) {
                rows.next();
                System.out.write((rows.getString(1) + rows.getBoolean(2) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void aLanguageThatTheMachineHasNotKeepsNoServerFromBeingMade() throws Exception {
        ProcessBuilder child =
                ChildJvm.of(StartAndStop.class, directory.toString()).redirectError(ProcessBuilder.Redirect.INHERIT);
        child.environment().put("LC_ALL", "xx_XX.UTF-8");
        Process process = child.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said.strip())
                .as("letters of all languages, in the order of their numbers, on every machine")
                .isEqualTo("Éfalse");
    }

    @Test
    void whoeverCannotStartItIsToldWhyAndWhereItsLogIs() throws Exception {
        EmbeddedServer.start(directory, true).close();
        Files.delete(directory.resolve("data/global/pg_control"));
        assertThatThrownBy(() -> EmbeddedServer.start(directory, true, 20, Duration.ofSeconds(3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot start the embedded PostgreSQL in " + directory)
                .hasMessageContaining(directory.resolve("server.log").toString())
                .hasCauseInstanceOf(Exception.class);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SHOW " + name)) {
            found.next();
            return found.getString(1);
        }
    }

    private static Connection connect(EmbeddedServer server) throws SQLException {
        DatabaseConfig config = server.config();
        return DriverManager.getConnection(config.jdbcUrl(), config.ownerUser(), config.ownerPassword());
    }
}

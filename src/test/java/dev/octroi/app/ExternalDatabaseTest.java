package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import dev.octroi.db.Migrations;
import dev.octroi.db.Unavailable;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL that is not ours: over TLS, with an owner whose password changes. */
class ExternalDatabaseTest {
    @TempDir
    static Path folder;

    private static EmbeddedServer server;
    private static DatabaseConfig owner;
    private static DevPki pki;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedServer.start(folder.resolve("server"), true);
        owner = server.config();
        pki = DevPki.ensure(folder.resolve("pki"), Clock.systemUTC(), new SecureRandom());
        Files.writeString(folder.resolve("server/data/pg_hba.conf"), """
                hostssl all all 127.0.0.1/32 scram-sha-256
                hostnossl all postgres 127.0.0.1/32 scram-sha-256
                """);
        show(pki.publicServer());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aGatewayWorksOverTlsWithTheAuthorityThatIsNamed() throws Exception {
        String url = "database.url=postgresql://localhost:" + owner.port() + "/" + owner.database();
        Path root = pki.domain(TrustDomain.PUBLIC).rootFile();
        SettingsSource source = source(url, "database.tls=true", "database.ca=" + root);
        for (String listener : new String[] {"public", "device", "operator", "management"}) {
            source.set("listener." + listener + ".host=127.0.0.1").set("listener." + listener + ".port=0");
        }
        try (Gateway gateway = Gateway.start(Settings.load(source))) {
            assertThat(gateway.port("public")).isPositive();
            assertThat(TestDatabase.rows(owner, """
                            SELECT DISTINCT ssl::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                            WHERE usename LIKE 'octroi%'
                            """)).containsExactly("true");
        }
        Path other = pki.domain(TrustDomain.NETWORK).rootFile();
        assertRefused(source(url, "database.tls=true", "database.ca=" + other));
        assertRefused(source(url, "database.tls=true"));
        show(pki.domain(TrustDomain.PUBLIC).server("elsewhere", List.of("db.example")));
        try {
            assertRefused(source(url, "database.tls=true", "database.ca=" + root));
        } finally {
            show(pki.publicServer());
        }
    }

    /** Also where the first driver would be content: the second one carries all that follows. */
    private static void assertRefused(SettingsSource source) throws Exception {
        Settings settings = Settings.load(source);
        assertThatThrownBy(() -> Gateway.start(settings)).hasStackTraceContaining("SSL");
        DatabaseConfig config = DatabaseAddress.resolve(settings, new Closing());
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, config, 1, 5_000);
        try {
            assertThatThrownBy(() -> database.ping().await(20, TimeUnit.SECONDS))
                    .hasStackTraceContaining("SSL handshake failed")
                    .satisfies(
                            failure -> assertThat(Unavailable.isSaidBy(failure)).isTrue());
        } finally {
            database.close().await(20, TimeUnit.SECONDS);
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void anAddressThatSaysMoreThanIsReadIsRefused() {
        for (String url : List.of(
                "postgresql://octroi:pw@db.example/octroi",
                "postgresql://db.example/octroi?sslmode=require",
                "postgresql://db.example/octroi#x",
                "postgresql://oct roi:pw@db.example/octroi",
                "jdbc:postgresql://db.example/octroi",
                "postgresql://db.example")) {
            assertThatThrownBy(() -> resolve("database.url=" + url))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("database.user and database.password, TLS by database.tls")
                    .hasMessageNotContaining("pw");
        }
        String url = "database.url=postgresql://localhost/octroi";
        assertThatThrownBy(() -> resolve(url, "database.ca=" + folder.resolve("none.pem")))
                .hasMessageContaining("database.tls must be true");
        assertThatThrownBy(() -> resolve(url, "database.tls=true", "database.ca=" + folder.resolve("none.pem")))
                .hasMessageContaining("database.ca cannot be read");
        assertThatThrownBy(() -> resolve(url, "database.tls=true", "database.ca=" + folder.resolve("server/port")))
                .hasMessageContaining("database.ca");
    }

    @Test
    void anotherPasswordOfTheOwnerThrowsNoRunningGatewayOut() throws Exception {
        TestDatabase.execute(owner, "CREATE DATABASE owned");
        DatabaseConfig old = over(owner, "owned");
        Migrations.apply(old);
        Vertx vertx = Vertx.vertx();
        try {
            TestDatabase.execute(owner, "CREATE ROLE dba SUPERUSER LOGIN PASSWORD 'new'");
            String url = "database.url=postgresql://localhost:" + owner.port() + "/owned";
            String[] of = {
                url,
                "database.tls=true",
                "database.ca=" + pki.domain(TrustDomain.PUBLIC).rootFile(),
                "database.user=dba"
            };
            SettingsSource source = source(of).set("database.password=new");
            try (CommandDatabase command = CommandDatabase.open(Settings.load(source))) {
                assertThatThrownBy(() -> command.database().ping().await(20, TimeUnit.SECONDS))
                        .as("it cannot know the roles' passwords, and changes none")
                        .hasMessageContaining("password authentication failed");
            }
            assertConnects(vertx, old);

            SettingsSource kept =
                    source(of).set("database.password=new").set("database.rolePassword=" + owner.ownerPassword());
            try (CommandDatabase command = CommandDatabase.open(Settings.load(kept))) {
                command.database().ping().await(20, TimeUnit.SECONDS);
            }
            Migrations.apply(DatabaseAddress.resolve(Settings.load(kept), new Closing()));
            assertConnects(vertx, old);

            Migrations.apply(DatabaseAddress.resolve(Settings.load(source), new Closing()));
            assertConnects(vertx, DatabaseAddress.resolve(Settings.load(source), new Closing()));
            assertThatThrownBy(() -> assertConnects(vertx, old))
                    .satisfies(failure -> assertThat(Unavailable.isSaidBy(failure))
                            .as("busy until it is restarted, and not broken")
                            .isTrue());
        } finally {
            Migrations.apply(old);
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void theOwnerNeedsNoMoreThanItsDatabaseAndTheRightToMakeRoles() throws Exception {
        TestDatabase.execute(
                owner,
                "CREATE ROLE modest NOSUPERUSER CREATEROLE LOGIN PASSWORD 'modest'",
                "CREATE DATABASE modest OWNER modest");
        SettingsSource source = source(
                "database.url=postgresql://localhost:" + owner.port() + "/modest",
                "database.user=modest",
                "database.password=modest",
                "database.rolePassword=" + owner.ownerPassword(),
                "database.tls=true",
                "database.ca=" + pki.domain(TrustDomain.PUBLIC).rootFile());
        DatabaseConfig config = DatabaseAddress.resolve(Settings.load(source), new Closing());
        Migrations.apply(over(owner, owner.database()));
        Migrations.apply(config);
        assertThat(Migrations.arePending(config)).isFalse();
    }

    @Test
    void aCommandMigratesNoDatabaseOfAGateway() throws Exception {
        TestDatabase.execute(owner, "CREATE DATABASE older");
        SettingsSource source = source(
                "database.url=postgresql://localhost:" + owner.port() + "/older",
                "database.tls=true",
                "database.ca=" + pki.domain(TrustDomain.PUBLIC).rootFile());
        assertThatThrownBy(() -> CommandDatabase.open(Settings.load(source)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("start the gateway of this version first");
        assertThat(TestDatabase.rows(
                        new DatabaseConfig(
                                "127.0.0.1", owner.port(), "older", owner.ownerUser(), owner.ownerPassword()),
                        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    private static void assertConnects(Vertx vertx, DatabaseConfig config) throws Exception {
        Database database = new Database(vertx, config, 1, 5_000);
        try {
            database.ping().await(20, TimeUnit.SECONDS);
        } finally {
            database.close().await(20, TimeUnit.SECONDS);
        }
    }

    private static DatabaseConfig over(DatabaseConfig config, String database) {
        return DatabaseAddress.resolve(
                Settings.load(source(
                        "database.url=postgresql://localhost:" + config.port() + "/" + database,
                        "database.tls=true",
                        "database.ca=" + pki.domain(TrustDomain.PUBLIC).rootFile())),
                new Closing());
    }

    private static DatabaseConfig resolve(String... settings) {
        return DatabaseAddress.resolve(Settings.load(source(settings)), new Closing());
    }

    private static SettingsSource source(String... settings) {
        SettingsSource source = SettingsSource.empty()
                .set("data.dir=" + folder.resolve("gateway"))
                .set("database.password=" + owner.ownerPassword());
        List.of(settings).forEach(source::set);
        return source;
    }

    /** The server shows a certificate from now on. */
    private static void show(TlsFiles files) throws Exception {
        Path data = folder.resolve("server/data");
        Files.copy(files.chain(), data.resolve("server.crt"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                files.key(),
                data.resolve("server.key"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        String loaded = TestDatabase.rows(owner, "SELECT pg_conf_load_time()").getFirst();
        TestDatabase.execute(owner, "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
        await().until(() -> !TestDatabase.rows(owner, "SELECT pg_conf_load_time()")
                .getFirst()
                .equals(loaded));
    }
}

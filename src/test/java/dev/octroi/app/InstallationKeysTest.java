package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys a gateway may use on a database. */
class InstallationKeysTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path folder;

    private final DatabaseConfig config = TestDatabase.create();
    private final Vertx vertx = Vertx.vertx();
    private final Database database = new Database(vertx, config, 2, 5_000);

    @AfterEach
    void close() throws Exception {
        database.close().await(20, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void aDatabaseThatWasSealedWithOtherKeysIsRefusedAndNoneAreMade() throws Exception {
        Path first = folder.resolve("first");
        byte[] check = open(first).check();
        assertThat(open(first).check()).as("once more").isEqualTo(check);

        Path second = folder.resolve("second");
        assertThatThrownBy(() -> open(second))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("there are no keys in " + second.resolve("keys"))
                .hasMessageContaining("copy the folder keys");
        assertThat(Keyring.exists(second)).isFalse();

        Path third = folder.resolve("third");
        Keyring.open(third, RANDOM);
        assertThatThrownBy(() -> open(third))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("other keys");

        Files.createDirectories(second);
        Files.createDirectory(second.resolve("keys"));
        Files.copy(first.resolve("keys/master.keyring"), second.resolve("keys/master.keyring"));
        assertThat(open(second).check()).as("with the same keys").isEqualTo(check);
    }

    @Test
    void aGatewayWithOtherKeysDoesNotStart() {
        open(folder.resolve("first"));
        Path second = folder.resolve("second");
        SettingsSource source = SettingsSource.empty()
                .set("data.dir=" + second)
                .set("database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database())
                .set("database.user=" + config.ownerUser())
                .set("database.password=" + config.ownerPassword());
        assertThatThrownBy(() -> Gateway.start(Settings.load(source)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("copy the folder keys");
        assertThat(second.resolve("keys")).as("neither keys nor token keys").doesNotExist();
    }

    @Test
    void ofSeveralThatStartAtOnceOnAnEmptyDatabaseOneGivesItsKeys() throws Exception {
        List<Path> folders = List.of(folder.resolve("a"), folder.resolve("b"), folder.resolve("c"));
        List<Callable<Keyring>> starts = new ArrayList<>();
        folders.forEach(each -> starts.add(() -> open(each)));
        int opened = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(folders.size())) {
            for (Future<Keyring> each : threads.invokeAll(starts)) {
                try {
                    each.get();
                    opened++;
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(SettingsException.class);
                }
            }
        }
        assertThat(opened).isEqualTo(1);
        assertThat(folders.stream().filter(Keyring::exists)).as("made").hasSize(1);
        assertThat(TestDatabase.rows(config, "SELECT key_check FROM installation"))
                .hasSize(1);
    }

    @Test
    void aDatabaseOfAnOlderVersionTakesTheKeysThatOpenWhatIsSealedThere() throws Exception {
        Path right = folder.resolve("right");
        Path wrong = folder.resolve("wrong");
        webhook(Keyring.open(wrong, RANDOM), 1);
        for (int id = 2; id <= 4; id++) {
            webhook(Keyring.open(right, RANDOM), id);
        }
        assertThatThrownBy(() -> open(folder.resolve("empty"))).hasMessageContaining("there are no keys");
        assertThatThrownBy(() -> open(wrong)).hasMessageContaining("there are other keys");
        assertThat(TestDatabase.rows(config, "SELECT key_check FROM installation"))
                .isEmpty();
        assertThat(Keyring.exists(folder.resolve("empty"))).isFalse();
        open(right);
        assertThat(TestDatabase.rows(config, "SELECT key_check FROM installation"))
                .hasSize(1);
    }

    private Keyring open(Path data) {
        return InstallationKeys.open(data, RANDOM, CLOCK, vertx, database);
    }

    private void webhook(Keyring keyring, long id) throws Exception {
        byte[] sealed = new Sealer(keyring, RANDOM, CLOCK)
                .sealText(Aad.of(1, "webhook_endpoint", "secret_sealed", id), "secret");
        try (Connection connection = TestDatabase.connect(config);
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO webhook_endpoint (tenant_id, id, vshard, url, secret_sealed) VALUES (1, ?, 0, ?, ?)")) {
            insert.setLong(1, id);
            insert.setString(2, "https://shop.example");
            insert.setBytes(3, sealed);
            insert.execute();
        }
    }
}

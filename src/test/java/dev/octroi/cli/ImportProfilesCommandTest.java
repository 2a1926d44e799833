package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.bound.ProfileOwner;
import dev.octroi.rsp.profile.ProfileTemplate;
import dev.octroi.rsp.profile.TestPackages;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.rsp.type.TypeTerms;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImportProfilesCommandTest {
    private static final String KEYS = "465b5ce8b199b49faa5f0a2ee238a6bc,cd63cb71954a9f4e48a5994e37a02baf";

    @TempDir
    private Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void batchIsImportedOnceAndBadRowsAreNamedWithoutTheirValues() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('one', 'One')");
        Path file = Files.writeString(
                data.resolve("batch.csv"),
                "iccid,imsi,k,opc\n89339901000000000018,208930000000003," + KEYS + "\n893399,208930000000004," + KEYS
                        + "\n");
        assertThat(run(config, file, "operator-travel")).as("without keys").isEqualTo(1);
        assertThat(err.toString()).contains("there are no keys in");

        createType(config);
        assertThat(run(config, file, "operator-travel")).isEqualTo(1);
        assertThat(out.toString())
                .contains("line 3: iccid: The ICCID has 18 to 20 digits.")
                .contains("2 rows: 1 imported, 0 unchanged, 1 refused")
                .doesNotContain("208930000000004", "465b5ce8");
        Path good = Files.writeString(
                data.resolve("good.csv"), "iccid,imsi,k,opc\n89339901000000000018,208930000000003," + KEYS + "\n");
        assertThat(run(config, good, "operator-travel")).isZero();
        assertThat(out.toString()).contains("1 rows: 0 imported, 1 unchanged, 0 refused");
        assertThat(run(config, good, "nothing")).isEqualTo(1);
        assertThat(err.toString()).contains("There is no such profile type.");
    }

    private void createType(DatabaseConfig config) throws Exception {
        SecureRandom random = new SecureRandom();
        Sealer sealer = new Sealer(Keyring.open(data, random), random, InstantSource.system());
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, config, 1, 5_000);
        ProfileTypeStore.Draft draft = new ProfileTypeStore.Draft(
                TypeTerms.simple("Operator", "Operator travel", ProfileOwner.of(new Plmn("208", "93"))),
                ProfileTemplate.read(TestPackages.operator()));
        database.inWorker(connection ->
                        new ProfileTypeStore(sealer).create(connection, 1, 7, "operator-travel", draft, Instant.now()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        database.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private int run(DatabaseConfig config, Path file, String type) {
        List<String> arguments = new ArrayList<>(List.of(
                "import-profiles",
                file.toString(),
                "--type",
                type,
                "--tenant",
                "1",
                "--set=data.dir=" + data,
                "--set=database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
                "--set=database.user=" + config.ownerUser(),
                "--set=database.password=" + config.ownerPassword()));
        return new CommandLine(new OctroiCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    commandLine.getErr().println("octroi: " + failure.getMessage());
                    return 1;
                })
                .execute(arguments.toArray(String[]::new));
    }
}

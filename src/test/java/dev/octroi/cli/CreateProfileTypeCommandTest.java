package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.rsp.profile.ProfileTemplate;
import dev.octroi.rsp.profile.TestPackages;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CreateProfileTypeCommandTest {
    @TempDir
    private static Path data;

    private static DatabaseConfig config;
    private static Path file;

    private StringWriter out;
    private StringWriter err;

    @BeforeAll
    static void start() throws Exception {
        config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('one', 'One')");
        Keyring.open(data, new SecureRandom());
        file = Files.write(data.resolve("operator.der"), TestPackages.operator());
    }

    @BeforeEach
    void listen() {
        out = new StringWriter();
        err = new StringWriter();
    }

    @Test
    void typeIsMadeOfAFileAndTheSameAgainChangesNothing() throws Exception {
        assertThat(run(file, "first")).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("first version 1 is stored: format 2.3")
                .contains("SHA-256 ");
        assertThat(run(file, "first")).isZero();
        assertThat(out.toString()).contains("first version 1 was stored before");
        assertThat(run(file, "first", "--protection=ppk", "--gid1=ff01")).isEqualTo(1);
        assertThat(err.toString()).contains("--replace makes its next version");
        assertThat(run(file, "first", "--protection=ppk", "--gid1=ff01", "--replace"))
                .isZero();
        assertThat(TestDatabase.rows(
                        config,
                        "SELECT v.version || ' ' || (v.terms->>'protection') || ' ' || coalesce(v.terms->'owner'->>'gid1', '-')"
                                + " FROM profile_type t JOIN profile_type_version v ON v.type_id = t.id WHERE t.name = 'first'"
                                + " ORDER BY v.version"))
                .containsExactly("1 session-keys -", "2 ppk ff01");
        assertThat(TestDatabase.rows(config, "SELECT action FROM audit WHERE object_id = 'first' ORDER BY seq"))
                .containsExactly("profile_type.created", "profile_type.replaced");
    }

    @Test
    void genuinePackageOfTheGsmaIsTaken() {
        List<Path> genuine = TestPackages.ts48();
        assumeThat(genuine).as("TS.48 is at hand").isNotEmpty();
        assertThat(run(genuine.getFirst(), "ts48")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("ts48 version 1 is stored");
    }

    @Test
    void everyTermMayBeGivenAsAnOption() throws Exception {
        Path icon = Files.write(data.resolve("icon.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
        assertThat(run(
                        file,
                        "full",
                        "--icon=" + icon,
                        "--gid2=02",
                        "--profile-class=test",
                        "--policy-rule=disable-not-allowed",
                        "--policy-rule=delete-not-allowed",
                        "--download-limit=3",
                        "--confirmation-limit=4"))
                .as(err.toString())
                .isZero();
        assertThat(TestDatabase.rows(
                        config,
                        "SELECT v.terms #- '{icon,data}' #- '{notifications}' FROM profile_type t"
                                + " JOIN profile_type_version v ON v.type_id = t.id WHERE t.name = 'full'"))
                .singleElement()
                .asString()
                .contains("\"gid2\": \"02\"", "\"type\": \"png\"", "\"profileClass\": \"test\"")
                .contains("\"downloadLimit\": 3", "\"confirmationLimit\": 4")
                .contains("disable-not-allowed", "delete-not-allowed");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithItsReasonAndNothingOfThePackage() throws Exception {
        byte[] whole = TestPackages.operator();
        Path cut = Files.write(data.resolve("cut.der"), Arrays.copyOf(whole, whole.length - 9));
        assertThat(run(cut, "broken")).isEqualTo(1);
        assertThat(err.toString()).contains("end_missing");
        Path large = Files.write(data.resolve("large.der"), new byte[ProfileTemplate.MAX_BYTES + 5_000]);
        assertThat(run(large, "broken")).isEqualTo(1);
        assertThat(err.toString()).contains("too_large");
        assertThat(run(data.resolve("nowhere.der"), "broken")).isEqualTo(1);
        assertThat(run(file, "broken", "--protection=none")).isEqualTo(2);
        assertThat(run(file, "broken", "--gid1=xyz")).isEqualTo(2);
        assertThat(run(file, "broken", "--icon=" + file)).isEqualTo(2);
        assertThat(run(file, "broken", "--service-provider-name=" + "é".repeat(20)))
                .isEqualTo(2);
        assertThat(run(file, "broken", "--owner=Orange")).isEqualTo(2);
        assertThat(run(file, "no/name")).isEqualTo(2);
        assertThat(run(file, "broken", "--tenant=99")).isEqualTo(1);
        assertThat(err.toString()).contains("There is no such tenant.");
        assertThat(TestDatabase.rows(config, "SELECT name FROM profile_type WHERE name = 'broken'"))
                .isEmpty();
    }

    @Test
    void retiredTypeStaysRetired() throws Exception {
        assertThat(run(file, "old")).isZero();
        TestDatabase.execute(config, "UPDATE profile_type SET retired = true WHERE name = 'old'");
        assertThat(run(file, "old", "--replace")).isEqualTo(1);
        assertThat(err.toString()).contains("The type is retired.");
    }

    private int run(Path from, String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "create-profile-type",
                from.toString(),
                "--name=" + name,
                "--set=data.dir=" + data,
                "--set=database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
                "--set=database.user=" + config.ownerUser(),
                "--set=database.password=" + config.ownerPassword()));
        List<String> given = List.of(more);
        Stream.of("--tenant=1", "--service-provider-name=Operator", "--profile-name=Operator travel", "--owner=208-93")
                .filter(each ->
                        given.stream().noneMatch(other -> other.startsWith(each.substring(0, each.indexOf('=') + 1))))
                .forEach(arguments::add);
        arguments.addAll(given);
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

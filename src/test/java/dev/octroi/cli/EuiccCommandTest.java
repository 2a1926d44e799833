package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class EuiccCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void newCardIsKeptInAFileOfItsOwner() throws Exception {
        String eid = GsmaEid.test(11);
        assertThat(run("new", "--pki", folder.resolve("gsma").toString(), "--eid", eid))
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        out.getBuffer().setLength(0);
        assertThat(run("info", "--json")).isZero();
        JsonNode info = new ObjectMapper().readTree(out.toString());
        assertThat(info.path("eid").textValue()).isEqualTo(eid);
        assertThat(info.path("svn").textValue()).isEqualTo("2.5.0");
        assertThat(info.path("profiles").intValue()).isZero();
    }

    @Test
    void cardIsNotReplacedUnlessForced() {
        String pki = folder.resolve("gsma").toString();
        assertThat(run("new", "--pki", pki)).isZero();
        assertThat(run("new", "--pki", pki)).isEqualTo(1);
        assertThat(run("new", "--pki", pki, "--force", "--brainpool")).isZero();
    }

    @Test
    void cardIsPersonalisedWithCertificatesFromFiles() throws Exception {
        GsmaTestPki pki = GsmaTestPki.open(
                folder.resolve("gsma"), List.of("localhost"), InstantSource.system(), new SecureRandom());
        GsmaCredential euicc = pki.issueEuicc(GsmaEid.test(12));
        Path certificate = Files.write(folder.resolve("euicc.der"), euicc.certificateDer());
        Path key = Files.writeString(
                folder.resolve("euicc.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(euicc.privateKey().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Path authorities = pki.material().directory();
        assertThat(run(
                        "new",
                        "--ci=" + authorities.resolve("ci.pem"),
                        "--eum=" + authorities.resolve("eum.pem"),
                        "--certificate=" + certificate,
                        "--key=" + key))
                .isZero();
        assertThat(out.toString()).contains(GsmaEid.test(12));
        assertThat(run("new", "--force", "--ci=" + authorities.resolve("ci.pem")))
                .isEqualTo(2);
    }

    @Test
    void missingCardIsExplained() {
        assertThat(run("list")).isEqualTo(1);
        assertThat(err.toString()).contains("octroi euicc new");
    }

    @Test
    void unknownProfileIsAFailure() {
        assertThat(run("new", "--pki", folder.resolve("gsma").toString())).isZero();
        assertThat(run("enable", "8900000000000000000")).isEqualTo(1);
        assertThat(err.toString()).contains("no such profile");
    }

    @Test
    void wrongUseIsToldApart() {
        assertThat(run("download", "LPA:2$host$TOKEN")).isEqualTo(2);
        assertThat(run("new", "--eid", "123")).isEqualTo(2);
        assertThat(run("nothing")).isEqualTo(2);
    }

    @Test
    void helpExplainsEveryCommand() {
        for (String command : List.of("new", "info", "download", "list", "enable", "disable", "delete")) {
            assertThat(new CommandLine(new EuiccCommand())
                            .setOut(new PrintWriter(out))
                            .execute(command, "--help"))
                    .isZero();
        }
        assertThat(out.toString()).contains("LPA:1$host$token[$oid][$1]");
    }

    private Path file() {
        return folder.resolve("card.json");
    }

    private int run(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "--card", file().toString()));
        arguments.addAll(List.of(more));
        return new CommandLine(new EuiccCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(arguments.toArray(String[]::new));
    }
}

package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.octroi.cli.OctroiCommand;
import dev.octroi.pki.gsma.GsmaTestPki;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code octroi euicc} as people and scripts use it: every command, its JSON and its exit code. */
final class EuiccCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private TestEs9Server server;
    private String card;

    @BeforeEach
    void startServer() throws Exception {
        assertThat(run("new").exit()).isZero();
        GsmaTestPki pki = GsmaTestPki.open(
                folder.resolve("pki").resolve("gsma"), List.of("localhost"), InstantSource.system(), RANDOM);
        card = run("info").only().path("eid").asText();
        server = new TestEs9Server(
                new TestSmdp(pki.material(), RANDOM), pki.material().dpTls(), card);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void profileIsDownloadedEnabledDisabledAndDeleted() throws Exception {
        Result download = run("download", code(), "--enable");
        assertThat(download.exit()).isZero();
        assertThat(download.lines()).hasSize(7);
        assertThat(download.last().path("state").asText()).isEqualTo("enabled");
        assertThat(run("list").only().path("iccid").asText()).isEqualTo(TestSmdp.ICCID);
        assertThat(run("delete", TestSmdp.ICCID).exit()).isEqualTo(1);
        assertThat(run("disable", TestSmdp.ICCID).only().path("ok").asBoolean()).isTrue();
        assertThat(run("delete", TestSmdp.ICCID).only().path("state").asText()).isEqualTo("deleted");
        assertThat(run("list").lines()).isEmpty();
        assertThat(server.notifications).hasSize(4);
    }

    @Test
    void refusalOfTheServerIsToldWithItsStatus() throws Exception {
        server.spoil.put("authenticateClient", answer -> TestEs9Server.refuse(answer, "8.2.6", "3.8"));
        Result result = run("download", code());
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.last().path("ok").asBoolean(true)).isFalse();
        assertThat(result.last().path("status").asText()).isEqualTo("8.2.6/3.8");
        assertThat(result.last().path("source").asText()).isEqualTo("server");
    }

    @Test
    void wrongUseIsTwo() {
        assertThat(run("download", "LPA:1$host").exit()).isEqualTo(2);
        assertThat(run("download").exit()).isEqualTo(2);
        assertThat(run("download", code(), "--smdp", "localhost").exit()).isEqualTo(2);
        assertThat(run("new", "--force", "--tac", "123").exit()).isEqualTo(2);
        assertThat(run("new", "--force", "--eid", "89049032000000000000000000000011")
                        .exit())
                .isEqualTo(2);
        assertThat(run("notifications", "--remove").exit()).isEqualTo(2);
    }

    @Test
    void confirmationCodesComeFromTheLinesOfTheInput() throws Exception {
        server.smdp.codeRequired = true;
        server.refuseCodes = 1;
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("wrong\nright\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(run("download", code(), "--confirmation-code", "-").exit())
                    .isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(server.calls).containsOnlyOnce("initiateAuthentication");
    }

    @Test
    void confirmationCodeThatWasWrongIsNotTriedAgain() throws Exception {
        server.smdp.codeRequired = true;
        server.refuseCodes = 1;
        assertThat(run("download", code(), "--confirmation-code", "1234").exit())
                .isEqualTo(1);
        assertThat(server.cancelReasons).containsExactly("1");
    }

    @Test
    void policyRulesMustBeAccepted() throws Exception {
        server.smdp.rules = new byte[] {0x05, 0x20};
        assertThat(run("download", code()).exit()).isEqualTo(1);
        assertThat(run("download", code(), "--accept-rules").exit()).isZero();
    }

    @Test
    void notificationsAreListedSentAndRemoved() throws Exception {
        server.failNotifications = 3;
        run("download", code());
        server.failNotifications = 3;
        run("enable", TestSmdp.ICCID);
        assertThat(run("notifications").lines()).hasSize(2);
        assertThat(run("notifications", "--seq", "2").only().path("event").asText())
                .isEqualTo("enable");
        assertThat(run("notifications", "--seq", "9").exit()).isEqualTo(1);
        assertThat(run("notifications", "--remove", "--seq", "1").exit()).isZero();
        server.failNotifications = 3;
        Result failed = run("notifications", "--send");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.only().path("pendingNotifications").asInt()).isPositive();
        assertThat(run("notifications", "--send").exit()).isZero();
        assertThat(run("notifications").lines()).isEmpty();
    }

    @Test
    void cardThatIsThereIsNotReplacedUnasked() throws Exception {
        assertThat(run("new").exit()).isEqualTo(1);
        assertThat(run("info").only().path("eid").asText()).isEqualTo(card);
        assertThat(run("new", "--force", "--curves", "brainpool_p256r1,p256", "--svn", "2.2.2")
                        .exit())
                .isZero();
        JsonNode info = run("info").only();
        assertThat(info.path("eid").asText()).isNotEqualTo(card);
        assertThat(info.path("trustedCis").asInt()).isEqualTo(2);
    }

    @Test
    void damagedOrMissingCardIsNamed() throws Exception {
        Files.writeString(folder.resolve("euicc.json"), "{");
        assertThat(run("list").only().path("message").asText()).contains("damaged");
        Files.delete(folder.resolve("euicc.json"));
        assertThat(run("list").only().path("message").asText()).contains("octroi euicc new");
        assertThat(run("enable", TestSmdp.ICCID).only().path("message").asText())
                .contains("octroi euicc new");
    }

    @Test
    void twoCommandsDoNotUseOneCardAtOnce() throws Exception {
        try (CardLock lock = CardLock.of(folder.resolve("euicc.json"))) {
            assertThat(lock).isNotNull();
            Result result = run("download", code());
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.only().path("message").asText()).contains("in use");
        }
        assertThat(server.calls).isEmpty();
    }

    @Test
    void keyOfADownloadThatBrokeOffIsInTheFile() throws Exception {
        server.status = 200;
        server.spoil.put("getBoundProfilePackage", answer -> answer.put("boundProfilePackage", "AAAA"));
        assertThat(run("download", code()).exit()).isEqualTo(1);
        assertThat(StoredCard.read(folder.resolve("euicc.json")).oneTimeKeys()).hasSize(1);
        server.spoil.clear();
        assertThat(run("download", code()).exit()).isZero();
    }

    private String code() {
        return "LPA:1$" + (server == null ? "localhost" : server.address()) + "$TOKEN";
    }

    /** Exit code and the objects that were printed. */
    private record Result(int exit, List<JsonNode> lines) {
        JsonNode only() {
            assertThat(lines).hasSize(1);
            return lines.getFirst();
        }

        JsonNode last() {
            return lines.getLast();
        }
    }

    private Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("euicc"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--json", "--set", "data.dir=" + folder));
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int exit;
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            exit = OctroiCommand.execute(all.toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
        List<JsonNode> lines = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(EuiccCommandsTest::json)
                .toList();
        return new Result(exit, lines);
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }
}

package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of {@code docker-compose.yml} fit together, as far as that can be seen without running it. */
class ComposeTest {
    private JsonNode services;

    @BeforeEach
    void read() throws Exception {
        services = new YAMLMapper()
                .readTree(Path.of("docker-compose.yml").toFile())
                .path("services");
    }

    @Test
    void policiesReachTheReceiver() {
        URI network = gateway().callback().networkUrl().orElseThrow();
        JsonNode receiver = services.path(network.getHost());
        assertThat(words(receiver.path("command"))).contains(Integer.toString(network.getPort()));
    }

    @Test
    void certificateOfTheReceiverIsMadeBeforeItStarts(@TempDir Path data) throws Exception {
        List<String> issue =
                List.of(handover().substring(0, handover().indexOf(';')).split(" "));
        assertThat(issue.subList(0, 3)).containsExactly("octroi", "pki", "issue");
        assertThat(issue.get(5)).isEqualTo("--server");
        assertThat(issue.get(6))
                .isEqualTo(gateway().callback().networkUrl().orElseThrow().getHost());
        TlsFiles made = DevPki.ensure(data.resolve("pki"), Clock.systemUTC(), new SecureRandom())
                .domain(TrustDomain.valueOf(issue.get(3).toUpperCase(Locale.ROOT)))
                .server(issue.get(4), List.of(issue.get(6)));
        assertThat(handover()).contains(inContainer(data, made.chain()), inContainer(data, made.key()));
        assertThat(services.at("/network-endpoint/depends_on/network-certificate/condition")
                        .asText())
                .isEqualTo("service_completed_successfully");
    }

    @Test
    void receiverIsHandedWhatItsCommandNamesAndNothingElse(@TempDir Path folder) throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        Path receiver = Files.createDirectories(folder.resolve("receiver"));
        Path leaves = Files.createDirectories(data.resolve("pki/network/leaves"));
        Files.createDirectories(data.resolve("pki/operator"));
        for (Path made : List.of(
                leaves.resolve("network-endpoint.pem"),
                leaves.resolve("network-endpoint.key"),
                data.resolve("pki/operator/root.pem"),
                data.resolve("callback.pub"),
                data.resolve("secret"))) {
            Files.writeString(made, made.getFileName().toString());
        }
        String script = handover()
                .replace("octroi pki issue", "true")
                .replace("/data/", data + "/")
                .replace("/receiver/", receiver + "/");
        Process process = new ProcessBuilder("sh", "-ec", script).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        List<String> named = words(services.at("/network-endpoint/command")).stream()
                .filter(word -> word.startsWith("/receiver/"))
                .map(word -> word.substring("/receiver/".length()))
                .toList();
        try (Stream<Path> handed = Files.list(receiver)) {
            assertThat(handed.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(named);
        }
    }

    /** It holds the keys of the installation. */
    @Test
    void nobodyButTheGatewayAndItsCommandsHasItsData() {
        services.properties().forEach(service -> {
            boolean isOurs = service.getValue().has("build");
            boolean hasData =
                    words(service.getValue().path("volumes")).stream().anyMatch(each -> each.startsWith("data:"));
            assertThat(hasData).as(service.getKey()).isEqualTo(isOurs);
        });
        JsonNode receiver = services.path("network-endpoint");
        assertThat(receiver.path("user").asText()).startsWith("990:");
        assertThat(receiver.path("read_only").asBoolean()).isTrue();
        assertThat(words(receiver.path("cap_drop"))).containsExactly("ALL");
    }

    /** What a container runs to make a certificate and hand it over, as a shell is given it. */
    private String handover() {
        return services.at("/network-certificate/command/0").asText().replace("$$", "$");
    }

    @Test
    void stopIsLeftTheTimeThatItTakes() {
        Settings settings = gateway();
        Duration allowed = Duration.parse(
                "PT" + services.at("/gateway/stop_grace_period").asText().toUpperCase(Locale.ROOT));
        assertThat(allowed)
                .isGreaterThanOrEqualTo(
                        settings.stopDrain().plus(settings.stopGrace()).plusSeconds(30));
    }

    /** While it is made, the server answers on a socket in its container and to nobody else. */
    @Test
    void theDatabaseIsHealthyWhenTheGatewayCanReachItAndBothComeBack() {
        List<String> check = words(services.at("/postgres/healthcheck/test"));
        assertThat(check.getLast()).contains("pg_isready -h 127.0.0.1 ");
        assertThat(services.at("/gateway/restart").asText()).isEqualTo("unless-stopped");
        assertThat(services.at("/postgres/restart").asText()).isEqualTo("unless-stopped");
    }

    /** The settings that the gateway's environment gives; an unknown one stops it. */
    private Settings gateway() {
        Map<String, String> environment = new HashMap<>();
        services.at("/gateway/environment")
                .properties()
                .forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
        return Settings.load(SettingsSource.empty().environment(environment));
    }

    private static String inContainer(Path data, Path file) {
        return "/data/" + data.relativize(file);
    }

    private static List<String> words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        return words;
    }
}

package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        List<String> issue = words(services.path("network-certificate").path("command"));
        assertThat(issue.subList(0, 2)).containsExactly("pki", "issue");
        assertThat(issue.get(4)).isEqualTo("--server");
        assertThat(issue.get(5))
                .isEqualTo(gateway().callback().networkUrl().orElseThrow().getHost());
        TlsFiles made = DevPki.ensure(data.resolve("pki"), Clock.systemUTC(), new SecureRandom())
                .domain(TrustDomain.valueOf(issue.get(2).toUpperCase(Locale.ROOT)))
                .server(issue.get(3), List.of(issue.get(5)));
        assertThat(words(services.path("network-endpoint").path("command")))
                .contains(inContainer(data, made.chain()), inContainer(data, made.key()));
        assertThat(services.at("/network-endpoint/depends_on/network-certificate/condition")
                        .asText())
                .isEqualTo("service_completed_successfully");
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

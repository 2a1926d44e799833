package dev.octroi.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.RadiusElement.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Holds the peer of the tests against FreeRADIUS: what it accepts and sends is what others accept and send. */
class RadiusElementTest {
    private static final Path RADCLIENT = Path.of("/usr/bin/radclient");
    private static final String WISH = "3GPP-IMSI = \"208010000000001\", Filter-Id = \"throttled-384\","
            + " WISPr-Bandwidth-Max-Down = 384000, Event-Timestamp = 1764374400, Message-Authenticator = 0x00\n";

    @Test
    void theElementTakesWhatRadclientSendsAndRadclientItsAnswer() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(RADCLIENT), "radclient is not installed");
        try (RadiusElement element = new RadiusElement(got -> List.of(Reply.of(got.code() + 1, 0)))) {
            Process radclient = new ProcessBuilder(
                            RADCLIENT.toString(),
                            "-x",
                            "-t",
                            "5",
                            element.url().replace("radius://", ""),
                            "coa",
                            new String(RadiusElement.SECRET, StandardCharsets.US_ASCII))
                    .redirectErrorStream(true)
                    .start();
            radclient.getOutputStream().write(WISH.getBytes(StandardCharsets.US_ASCII));
            radclient.getOutputStream().close();
            String said = new String(radclient.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(radclient.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(radclient.exitValue()).as(said).isZero();
            assertThat(said).contains("Received CoA-ACK");
            assertThat(element.dropped()).isEmpty();
            assertThat(element.got().getFirst().text("10415/1")).isEqualTo("208010000000001");
            assertThat(element.got().getFirst().text("11")).isEqualTo("throttled-384");
            assertThat(element.got().getFirst().number("14122/8")).isEqualTo(384_000);
        }
    }
}

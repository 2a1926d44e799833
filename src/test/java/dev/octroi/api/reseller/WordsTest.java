package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people write is taken or refused, and never an error of the server. */
class WordsTest {
    private static final String EMOJI = "😀";

    private static ResellerServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ResellerServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    static Stream<Arguments> blanks() {
        return Stream.of(" ", "\u3000", "\u2003\u00a0", "\t")
                .flatMap(blank -> Stream.of(
                        Arguments.of("/suspend", new JsonObject().put("note", blank)),
                        Arguments.of("/resume", new JsonObject().put("note", blank)),
                        Arguments.of("/leave", new JsonObject().put("reason", blank)),
                        Arguments.of("/replace-profile", new JsonObject().put("reason", blank)),
                        Arguments.of("/reset-download", new JsonObject().put("reason", blank)),
                        Arguments.of(
                                "/overage", new JsonObject().put("agreed", true).put("textVersion", blank))));
    }

    @ParameterizedTest
    @MethodSource("blanks")
    void wordsWithNothingToReadAreRefused(String act, JsonObject body) throws Exception {
        assertThat(post(act, body).statusCode()).isEqualTo(400);
    }

    @Test
    void charactersAreCountedAsThePersonWhoWritesCountsThem() throws Exception {
        JsonObject most = new JsonObject().put("note", EMOJI.repeat(200));
        HttpResponse<Buffer> suspended = post("/suspend", most);
        assertThat(suspended.statusCode()).as(suspended.bodyAsString()).isEqualTo(200);
        assertThat(post("/suspend", new JsonObject().put("note", EMOJI.repeat(201)))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aReasonThatWouldBeCutIsRefused() throws Exception {
        assertThat(post("/reset-download", new JsonObject().put("reason", "x".repeat(201)))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatIsRedactedIsNotCutInTheMiddleOfACharacter() {
        String reason = Reasons.read(new JsonObject().put("reason", "12345678901234 " + EMOJI.repeat(195)));
        assertThat(reason).startsWith("[redacted] ");
        assertThat(reason.codePointCount(0, reason.length())).isEqualTo(200);
        assertThat(Character.isHighSurrogate(reason.charAt(reason.length() - 1)))
                .isFalse();
    }

    private static HttpResponse<Buffer> post(String act, JsonObject body) throws Exception {
        return server.post(TENANT, "/v1/subscriptions/" + server.subscription(TENANT) + act, body);
    }
}

package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrontTest {

    private static final int MAX_PER_ADDRESS = 40;
    /** No test takes that long: what ends before is not ended for being slow. */
    private static final long NEVER_MS = 120_000;

    private static final ConnectionLimits LIMITS =
            new ConnectionLimits(50, MAX_PER_ADDRESS, NEVER_MS, NEVER_MS, NEVER_MS, 20);
    private static final ConnectionLimits SHORT = new ConnectionLimits(50, MAX_PER_ADDRESS, 400, 600, 400, 20);
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Vertx vertx;
    private static Front front;
    private static int port;

    @BeforeAll
    static void startServer() throws Exception {
        vertx = RequestContext.newVertx(new VertxOptions());
        front = front(LIMITS);
        port = listen(front);
    }

    private static Front front(ConnectionLimits limits) {
        Front front = new Front("test", vertx, limits, new Random(3), System::nanoTime);
        front.router().route("/echo").handler(BodyHandler.create(false).setBodyLimit(1000));
        front.router().route("/echo").handler(ctx -> {
            String body = ctx.body().asString();
            ctx.response()
                    .putHeader("X-Log-Id", String.valueOf(RequestContext.current()))
                    .end(body == null || body.isEmpty() ? "empty" : body);
        });
        return front;
    }

    private static int listen(Front front) throws Exception {
        return await(front.server(ServerOptions.http1("127.0.0.1", 0)).listen()).actualPort();
    }

    @AfterAll
    static void stopServer() throws Exception {
        await(vertx.close());
    }

    static Stream<Arguments> ambiguousMessages() {
        return Stream.of(
                Arguments.of("length and encoding", 400, """
                        POST /echo HTTP/1.1
                        Host: a
                        Content-Length: 5
                        Transfer-Encoding: chunked

                        0

                        """),
                Arguments.of("encoding and length", 400, """
                        POST /echo HTTP/1.1
                        Host: a
                        Transfer-Encoding: chunked
                        Content-Length: 5

                        0

                        """),
                Arguments.of("unknown encoding with length", 400, """
                        POST /echo HTTP/1.1
                        Host: a
                        Transfer-Encoding: xchunked
                        Content-Length: 5

                        hello"""),
                Arguments.of("unknown encoding", 400, """
                        POST /echo HTTP/1.1
                        Host: a
                        Transfer-Encoding: xchunked

                        """),
                Arguments.of("two encodings", 501, """
                        POST /echo HTTP/1.1
                        Host: a
                        Transfer-Encoding: gzip, chunked

                        0

                        """),
                Arguments.of("folded field", 400, """
                        GET /echo HTTP/1.1
                        Host: a
                        X-Folded: one
                         two

                        """),
                Arguments.of("folded with a tab", 400, """
                        GET /echo HTTP/1.1
                        Host: a
                        X-Folded: one
                        \ttwo

                        """),
                Arguments.of("two hosts", 400, """
                        GET /echo HTTP/1.1
                        Host: a
                        Host: b

                        """),
                Arguments.of("no host", 400, """
                        GET /echo HTTP/1.1
                        X: y

                        """),
                Arguments.of("encoding on 1.0", 400, """
                        POST /echo HTTP/1.0
                        Host: a
                        Transfer-Encoding: chunked

                        0

                        """),
                Arguments.of("trace", 501, """
                        TRACE /echo HTTP/1.1
                        Host: a

                        """),
                Arguments.of("two lengths", 400, """
                        POST /echo HTTP/1.1
                        Host: a
                        Content-Length: 5
                        Content-Length: 6

                        hello"""),
                Arguments.of("blank before the colon", 400, """
                        POST /echo HTTP/1.1
                        Host: a
                        Content-Length : 5

                        hello"""),
                Arguments.of("negative length", 400, """
                        POST /echo HTTP/1.1
                        Host: a
                        Content-Length: -5

                        """),
                Arguments.of("not HTTP", 400, "\u0016\u0003\u0001 hello\n\n"),
                Arguments.of("long target", 414, "GET /" + "a".repeat(5_000) + " HTTP/1.1\nHost: a\n\n"),
                Arguments.of("long field", 431, "GET /echo HTTP/1.1\nHost: a\nX: " + "a".repeat(17_000) + "\n\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguousMessages")
    void ambiguousMessageIsRefusedAndItsConnectionClosed(String name, int status, String message) throws IOException {
        try (Socket socket = connect()) {
            write(socket, message);
            String answer = readAll(socket);
            assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*").contains("application/problem+json");
            assertThat(answer.indexOf("HTTP/1.1", 1)).as("one answer only").isEqualTo(-1);
        }
    }

    @Test
    void foldingIsFoundWhereverTheHeadIsCutIntoPackets() throws Exception {
        String message = "GET /echo HTTP/1.1\r\nHost: a\r\nX-Folded: one\r\n two\r\n\r\n";
        for (int cut = 1; cut < message.length(); cut += 3) {
            try (Socket socket = connect()) {
                socket.setTcpNoDelay(true);
                raw(socket, message.substring(0, cut));
                raw(socket, message.substring(cut));
                assertThat(readAll(socket)).as("cut at %d", cut).startsWith("HTTP/1.1 400");
            }
        }
    }

    @Test
    void plainRequestsPassOnOneConnection() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /echo HTTP/1.1\nHost: a\nContent-Length: 4\n\n a\nb");
            write(socket, "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n");
            write(socket, "GET /echo HTTP/1.1\nHost: a\nConnection: close\n\n");
            String answers = readAll(socket);
            assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(4);
            assertThat(answers).contains("abc").contains("nosniff");
        }
    }

    @Test
    void logContextCarriesTheRequestId() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "GET /echo HTTP/1.1\nHost: a\nX-Request-Id: abc-12345\nConnection: close\n\n");
            assertThat(readAll(socket)).contains("X-Request-Id: abc-12345").contains("X-Log-Id: abc-12345");
        }
    }

    @Test
    void drippedHeadsAndBodiesAreCutOff() throws Exception {
        Front impatient = front(SHORT);
        int shortPort = listen(impatient);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket head = connect(shortPort);
            raw(head, "GET /echo HTTP/1.1\r\nHost: a\r\nX: ");
            Socket body = connect(shortPort);
            raw(body, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
            Socket second = connect(shortPort);
            raw(second, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\nX: ");
            sockets.addAll(List.of(head, body, second));
        }
        Awaitility.await().atMost(SOON).pollInterval(50, TimeUnit.MILLISECONDS).until(() -> {
            for (Socket socket : sockets) {
                try {
                    raw(socket, "a");
                } catch (IOException closed) {
                    // What the test waits for.
                }
            }
            return sockets.stream().allMatch(FrontTest::isEnded);
        });
        Awaitility.await().atMost(SOON).until(() -> impatient.openConnections() == 0);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void connectionsBeyondTheCapOfAnAddressAreClosed() throws Exception {
        // Those of the tests before count until the server knows that they are gone.
        Awaitility.await().atMost(SOON).until(() -> front.openConnections() == 0);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < MAX_PER_ADDRESS + 20; i++) {
            sockets.add(connect());
        }
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() ->
                        assertThat(sockets.stream().filter(FrontTest::isEnded)).hasSize(20));
        Awaitility.await().atMost(SOON).until(() -> front.openConnections() == MAX_PER_ADDRESS);
        for (Socket socket : sockets) {
            socket.close();
        }
        Awaitility.await().atMost(SOON).until(() -> front.openConnections() == 0);
    }

    @Test
    void codedBodyIsRefusedRatherThanReadAsItsOwnBytes() throws IOException {
        for (String coding : List.of("gzip", "identity, br")) {
            try (Socket socket = connect()) {
                write(
                        socket,
                        "POST /echo HTTP/1.1\nHost: a\nContent-Encoding: " + coding + "\nContent-Length: 4\n\n a\nb");
                assertThat(readUpTo(socket, "unsupported_media_type"))
                        .startsWith("HTTP/1.1 415")
                        .containsIgnoringCase("Accept-Encoding: identity");
            }
        }
        try (Socket socket = connect()) {
            write(socket, "POST /echo HTTP/1.1\nHost: a\nContent-Encoding: Identity\nContent-Length: 4\n\nabcd");
            assertThat(readUpTo(socket, "abcd")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void bodyBeyondTheLimitIsRefusedWithAProblem() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /echo HTTP/1.1\nHost: a\nContent-Length: 2000\n\n");
            // What is refused before its end leaves the connection open until the time for bodies is over.
            assertThat(readUpTo(socket, "content_too_large")).startsWith("HTTP/1.1 413");
        }
    }

    private static Socket connect() throws IOException {
        return connect(port);
    }

    private static Socket connect(int to) throws IOException {
        Socket socket = new Socket("127.0.0.1", to);
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Whether the server has ended a connection; reads what it sent before. */
    private static boolean isEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void write(Socket socket, String lines) throws IOException {
        raw(socket, lines.replace("\n", "\r\n"));
    }

    private static void raw(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String readAll(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String readUpTo(Socket socket, String end) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after: %s", answer).isNotNegative();
            answer.append((char) next);
        }
        return answer.toString();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

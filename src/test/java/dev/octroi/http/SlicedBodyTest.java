package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlicedBodyTest {
    /** More than the buffers of two sockets take. */
    private static final int BODY_BYTES = 48 * 1024 * 1024;

    private final AtomicReference<HttpServerResponse> response = new AtomicReference<>();
    private final Buffer body = Buffer.buffer(random());
    private Vertx vertx;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = vertx.createHttpServer()
                .requestHandler(request -> {
                    response.set(request.response());
                    SlicedBody.send(request.response(), body);
                })
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void onlyWhatIsTakenIsWrittenAndInTheEndAllOfIt() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            OutputStream out = socket.getOutputStream();
            out.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            AtomicLong before = new AtomicLong(-1);
            await().pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> response.get() != null
                            && response.get().bytesWritten() > 0
                            && before.getAndSet(response.get().bytesWritten())
                                    == response.get().bytesWritten());
            assertThat(response.get().bytesWritten()).as("nobody reads").isLessThan(BODY_BYTES / 2);
            InputStream in = socket.getInputStream();
            byte[] all = in.readAllBytes();
            Buffer received = Buffer.buffer(all);
            assertThat(received.getString(0, 200).toLowerCase(java.util.Locale.ROOT))
                    .contains("content-length: " + BODY_BYTES);
            assertThat(received.slice(all.length - BODY_BYTES, all.length)).isEqualTo(body);
        }
    }

    @Test
    void whoHangsUpInTheMiddleEndsIt() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            socket.setSoLinger(true, 0);
        }
        await().until(() -> response.get().closed());
        assertThat(response.get().bytesWritten()).isLessThan(BODY_BYTES);
    }

    private static byte[] random() {
        byte[] bytes = new byte[BODY_BYTES];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}

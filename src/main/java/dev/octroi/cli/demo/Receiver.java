package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A receiver of what the gateway sends out besides policies: ES2+ progress, webhooks. */
final class Receiver implements AutoCloseable {
    private static final int MAX_BODY = 256 * 1024;

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Mailbox<Message> messages = new Mailbox<>();

    /** What arrived; header names without regard to case. */
    record Message(String path, Map<String, String> headers, String body, long receivedNanos) {
        JsonNode json() {
            try {
                return ApiClient.JSON.readTree(body);
            } catch (IOException e) {
                throw new NotObserved("the gateway sent a body that is no JSON: " + e.getMessage());
            }
        }
    }

    /** What to answer: status and body. */
    record Reply(int status, String body) {
        static final Reply NO_CONTENT = new Reply(204, "");
    }

    /** Decides what to answer to a message. */
    @FunctionalInterface
    interface Answering {
        Reply answer(Message message) throws IOException;
    }

    Receiver(SSLContext tls, boolean clientCertificateRequired, Answering answering) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(clientCertificateRequired);
                wanted.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> handle(exchange, answering));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Waits for a message that fits, also among those already here. */
    Message await(String what, Predicate<Message> fits, Duration timeout) {
        return messages.await(what, fits, timeout);
    }

    /** All messages that fit, oldest first. */
    List<Message> all(Predicate<Message> fits) {
        return messages.all(fits);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void handle(HttpExchange exchange, Answering answering) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            Message message = new Message(
                    exchange.getRequestURI().getPath(),
                    headers,
                    new String(body, StandardCharsets.UTF_8),
                    System.nanoTime());
            Reply reply = answering.answer(message);
            messages.put(message);
            byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
            if (answer.length > 0) {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
            }
            exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
            if (answer.length > 0) {
                exchange.getResponseBody().write(answer);
            }
        }
    }
}

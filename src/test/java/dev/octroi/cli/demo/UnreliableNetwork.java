package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.db.LoopbackPort;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * A network element as it should not be: of its answers 30 % are failures, 10 % never come, 5 % come twice; and it can be
 * down altogether. What it takes it keeps. Speaks just enough HTTP/1.1 over mutual TLS, so that it may break its rules.
 */
final class UnreliableNetwork implements AutoCloseable {
    private static final long HANG_MS = 20_000;
    private static final byte[] TAKEN = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> FAILURES = List.of("503 Busy", "500 Broken", "429 Slow down", "408 Late");

    /** Taken, said twice, failed, hung: chance alone may leave one of them out. */
    private static final List<Integer> EACH_ONCE = List.of(50, 42, 10, 35);

    private final SSLContext tls;
    private final Random chance;
    private int given;
    private final int port;
    private final Map<String, List<Taken>> received = new ConcurrentHashMap<>();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable SSLServerSocket server;
    private volatile boolean reliable;

    /**
     * A policy that arrived.
     *
     * @param id of the message
     * @param taken whether the answer said that it holds
     */
    record Taken(String id, long version, int level, boolean taken) {}

    UnreliableNetwork(SSLContext tls, long seed) throws IOException {
        this.tls = tls;
        this.chance = new Random(seed);
        // None that a connection of this machine may have while the network is down.
        this.port = up(LoopbackPort.free());
    }

    String url() {
        return "https://localhost:" + port + "/policy";
    }

    /** What arrived for a subscription, in order. */
    List<Taken> received(String subscription) {
        return List.copyOf(received.getOrDefault(subscription, List.of()));
    }

    /** How often each kind of answer was given. */
    Map<String, Integer> answers() {
        return Map.copyOf(answers);
    }

    /** From now on it does what it should. */
    void repair() {
        reliable = true;
    }

    /** Refuses connections and breaks those that are open, for a while. */
    void downFor(Duration time) throws IOException {
        down();
        LockSupport.parkNanos(time.toNanos());
        up(port);
    }

    @Override
    public void close() throws IOException {
        down();
    }

    private int up(int wanted) throws IOException {
        SSLServerSocket socket = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
        socket.setReuseAddress(true);
        socket.setNeedClientAuth(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 200);
        server = socket;
        Thread.ofVirtual().start(() -> accept(socket));
        return socket.getLocalPort();
    }

    private void down() throws IOException {
        SSLServerSocket socket = server;
        if (socket != null) {
            socket.close();
        }
        for (Socket connection : open) {
            connection.close();
        }
    }

    private void accept(SSLServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                // Closed, or a handshake that a killed gateway broke off.
                answers.merge("not accepted", 1, Integer::sum);
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String body = request(in); body != null; body = request(in)) {
                answer(connection, body);
            }
        } catch (IOException e) {
            answers.merge("broken off", 1, Integer::sum);
        } finally {
            open.remove(connection);
        }
    }

    private void answer(Socket connection, String request) throws IOException {
        int dice;
        String failure;
        synchronized (chance) {
            dice = reliable ? 99 : given < EACH_ONCE.size() ? EACH_ONCE.get(given++) : chance.nextInt(100);
            failure = FAILURES.get(chance.nextInt(FAILURES.size()));
        }
        if (dice < 30) {
            keep(request, false, "failed");
            connection
                    .getOutputStream()
                    .write(("HTTP/1.1 " + failure + "\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } else if (dice < 40) {
            keep(request, false, "hung");
            LockSupport.parkNanos(Duration.ofMillis(HANG_MS).toNanos());
        } else if (dice < 45) {
            keep(request, true, "taken, said twice");
            byte[] twice = new byte[2 * TAKEN.length];
            System.arraycopy(TAKEN, 0, twice, 0, TAKEN.length);
            System.arraycopy(TAKEN, 0, twice, TAKEN.length, TAKEN.length);
            connection.getOutputStream().write(twice);
        } else {
            keep(request, true, "taken");
            connection.getOutputStream().write(TAKEN);
        }
    }

    private void keep(String request, boolean taken, String what) throws IOException {
        int end = request.indexOf("\r\n\r\n");
        JsonNode data = ApiClient.JSON.readTree(request.substring(end)).path("data");
        String subscription = data.path("subscription").asText();
        answers.merge(what, 1, Integer::sum);
        received.computeIfAbsent(subscription, key -> java.util.Collections.synchronizedList(new ArrayList<>()))
                .add(new Taken(
                        header(request, "webhook-id"),
                        data.path("version").asLong(),
                        data.path("level").asInt(),
                        taken));
    }

    /** Head and body of the next request; null at the end. */
    private static @Nullable String request(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            text.append((char) next);
        }
        String head = text.toString();
        byte[] body = in.readNBytes(Integer.parseInt(header(head, "content-length")));
        return head + new String(body, StandardCharsets.UTF_8);
    }

    private static String header(String request, String name) {
        for (String line : request.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
                return line.substring(colon + 1).strip();
            }
        }
        throw new IllegalStateException("no header " + name);
    }
}

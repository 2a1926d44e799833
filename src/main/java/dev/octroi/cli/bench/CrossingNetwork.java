package dev.octroi.cli.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.octroi.cli.demo.ApiClient;
import dev.octroi.cli.demo.Tls;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TrustDomain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** The network of the bench: takes policies over mutual TLS and knows how long each took since its record was due. */
final class CrossingNetwork implements AutoCloseable {
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> due = new ConcurrentHashMap<>();
    private final Map<String, Double> tookMs = new ConcurrentHashMap<>();
    private volatile CountDownLatch missing = new CountDownLatch(0);

    CrossingNetwork(DevPki pki) throws IOException, GeneralSecurityException {
        SSLContext tls = Tls.showing(
                pki.domain(TrustDomain.NETWORK).server("bench-pcrf", List.of("localhost", "127.0.0.1")),
                pki.domain(TrustDomain.OPERATOR).rootFile());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(threads);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", this::take);
        server.start();
    }

    String url() {
        return "https://localhost:" + server.getAddress().getPort() + "/policy";
    }

    /** Forgets the run before; so many are to come. */
    void expect(int crossings) {
        due.clear();
        tookMs.clear();
        missing = new CountDownLatch(crossings);
    }

    /** The record that crosses is due at a moment of {@link System#nanoTime}. */
    void crossed(String subscription, long dueNanos) {
        due.put(subscription, dueNanos);
    }

    /** Waits for the last one; milliseconds of each, sorted. */
    List<Double> all(Duration timeout) throws InterruptedException {
        if (!missing.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(missing.getCount() + " callbacks did not come");
        }
        List<Double> sorted = new ArrayList<>(tookMs.values());
        sorted.sort(null);
        return sorted;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void take(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        try (exchange) {
            String subscription = ApiClient.JSON
                    .readTree(exchange.getRequestBody().readAllBytes())
                    .path("data")
                    .path("subscription")
                    .asText();
            Long since = due.get(subscription);
            if (since != null && tookMs.putIfAbsent(subscription, (now - since) / 1e6) == null) {
                missing.countDown();
            }
            exchange.sendResponseHeaders(204, -1);
        }
    }
}

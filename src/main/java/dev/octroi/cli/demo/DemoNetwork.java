package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** The network of the story: the reference receiver of the documentation, whose enforcement is watched. */
final class DemoNetwork implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final HttpsServer server;
    private final Mailbox<Enforced> enforced = new Mailbox<>();

    /** A policy that was put into force: its certificate, signature, age and version were good. */
    record Enforced(JsonNode data, long atNanos) {
        boolean isOf(String subscriptionId, long afterVersion) {
            return data.path("subscription").asText().equals(subscriptionId)
                    && data.path("version").asLong() > afterVersion;
        }
    }

    /** @param publicKey what the gateway signs with */
    DemoNetwork(SSLContext tls, String publicKey) throws IOException, GeneralSecurityException {
        server = new PolicyReceiver(publicKey, this::enforce)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls);
    }

    String policyUrl() {
        return base() + "/policies";
    }

    /** Where it is read what is in force. */
    String stateUrl() {
        return base() + "/state/{subscription}";
    }

    private String base() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    /** Waits for a policy of a subscription that is newer than a version. */
    Enforced policy(String subscriptionId, long afterVersion, String what) {
        return enforced.await(
                "policy callback (" + what + ")", policy -> policy.isOf(subscriptionId, afterVersion), WAIT);
    }

    /** The same of a level. */
    Enforced policy(String subscriptionId, long afterVersion, int level, String what) {
        return enforced.await(
                "policy callback (" + what + ")",
                policy -> policy.isOf(subscriptionId, afterVersion)
                        && policy.data().path("level").asInt() == level,
                WAIT);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void enforce(String policy) {
        try {
            enforced.put(new Enforced(ApiClient.JSON.readTree(policy).path("data"), System.nanoTime()));
        } catch (IOException e) {
            throw new NotObserved("the gateway sent a body that is no JSON: " + e.getMessage());
        }
    }
}

package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TrustDomain;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

/** Where the gateway calls out to: the network's policy endpoint, the operator's ES2+ endpoint, the shop's webhook. */
final class Receivers implements AutoCloseable {
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final DemoNetwork network;
    private final Receiver operator;
    private final Receiver webhook;

    private Receivers(DemoNetwork network, Receiver operator, Receiver webhook) {
        this.network = network;
        this.operator = operator;
        this.webhook = webhook;
    }

    /** @param publicKey what the gateway signs callbacks with */
    static Receivers open(DevPki pki, String publicKey) throws IOException, GeneralSecurityException {
        var gateway = pki.domain(TrustDomain.OPERATOR).rootFile();
        DemoNetwork network = new DemoNetwork(
                Tls.showing(pki.domain(TrustDomain.NETWORK).server("demo-network-endpoint", LOOPBACK), gateway),
                publicKey);
        Receiver operator = new Receiver(
                Tls.showing(pki.domain(TrustDomain.SM_DP).server("demo-operator-endpoint", LOOPBACK), gateway),
                true,
                message -> Receiver.Reply.NO_CONTENT);
        Receiver webhook = new Receiver(
                Tls.showing(
                        pki.domain(TrustDomain.PUBLIC).server("demo-webhook", LOOPBACK),
                        pki.domain(TrustDomain.PUBLIC).rootFile()),
                false,
                Receivers::echoChallenge);
        return new Receivers(network, operator, webhook);
    }

    String operatorUrl() {
        return "https://localhost:" + operator.port();
    }

    String webhookUrl() {
        return "https://localhost:" + webhook.port() + "/octroi";
    }

    Receiver operator() {
        return operator;
    }

    Receiver webhook() {
        return webhook;
    }

    DemoNetwork network() {
        return network;
    }

    /** Waits for a policy of a subscription that is newer than a version. */
    DemoNetwork.Enforced policy(String subscriptionId, long afterVersion, String what) {
        return network.policy(subscriptionId, afterVersion, what);
    }

    /** Waits for an event of a subscription at the webhook. */
    Receiver.Message event(String subscriptionId, String type) {
        return webhook.await("webhook " + type, message -> isEvent(message, subscriptionId, type), WAIT);
    }

    /** How many events of a type a subscription has had at the webhook, each id once. */
    long events(String subscriptionId, String type) {
        return webhook.all(message -> isEvent(message, subscriptionId, type)).stream()
                .map(message -> message.headers().get("webhook-id"))
                .distinct()
                .count();
    }

    @Override
    public void close() {
        network.close();
        operator.close();
        webhook.close();
    }

    private static boolean isEvent(Receiver.Message message, String subscriptionId, String type) {
        JsonNode body = message.json();
        return body.path("type").asText().equals(type)
                && body.at("/data/subscription").asText().equals(subscriptionId);
    }

    private static Receiver.Reply echoChallenge(Receiver.Message message) {
        JsonNode challenge = message.json().path("data").path("challenge");
        if (challenge.isMissingNode()) {
            return Receiver.Reply.NO_CONTENT;
        }
        return new Receiver.Reply(
                200, Actors.object("challenge", challenge.asText()).toString());
    }
}

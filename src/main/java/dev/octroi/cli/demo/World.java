package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/** What the steps share: the gateway, the actors, the receivers, and what earlier steps learned. */
final class World {
    private final GatewayProcess gateway;
    private final Actors actors;
    private final Receivers receivers;
    private final ZoneId zone;
    private final Map<String, Traveller> travellers = new HashMap<>();
    private Signatures signatures = new Signatures("", "");

    World(GatewayProcess gateway, Actors actors, Receivers receivers, ZoneId zone) {
        this.gateway = gateway;
        this.actors = actors;
        this.receivers = receivers;
        this.zone = zone;
    }

    GatewayProcess gateway() {
        return gateway;
    }

    Actors actors() {
        return actors;
    }

    Receivers receivers() {
        return receivers;
    }

    /** The travellers' time zone: Paris, unless midnight there is so near that the story would cross it. */
    ZoneId zone() {
        return zone;
    }

    /** From now on messages are held against these keys. */
    void trust(Signatures newSignatures) {
        signatures = newSignatures;
    }

    /** How messages of the gateway are checked. */
    Signatures signatures() {
        return signatures;
    }

    /** Remembers somebody under a first name. */
    void meet(String name, Traveller traveller) {
        travellers.put(name, traveller);
    }

    /** Somebody from an earlier step. */
    Traveller traveller(String name) {
        Traveller traveller = travellers.get(name);
        if (traveller == null) {
            throw new NotObserved(name + " was to come from an earlier step, which failed");
        }
        return traveller;
    }

    /** The reseller's view of a traveller's balance. */
    JsonNode balance(Traveller traveller) throws IOException {
        return actors.reseller()
                .get("/v1/subscriptions/" + traveller.subscriptionId() + "/balance")
                .expect(200)
                .json();
    }

    /** The version of the policy in force. */
    long policyVersion(Traveller traveller) throws IOException {
        return balance(traveller).at("/policy/version").asLong();
    }
}

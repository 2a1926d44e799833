package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What the network's element does: reports usage and places. */
final class Meter {
    private static final String PLMN = "208-01";

    private Meter() {}

    /** A record of bytes that ended at a moment; counted once under its id. */
    static ObjectNode record(Traveller traveller, Instant end, long up, long down, String category) {
        ObjectNode node = Actors.object(
                "id", UUID.randomUUID().toString(), "iccid", traveller.iccid(), "end", end.toString(), "plmn", PLMN);
        node.put("up", up).put("down", down).put("category", category);
        return node;
    }

    /** Reports one record. */
    static JsonNode report(World world, ObjectNode record) throws IOException {
        return world.actors()
                .network()
                .post("/network/v1/usage-records", record)
                .expect(200)
                .json();
    }

    /** Reports records as NDJSON in one request. */
    static JsonNode report(World world, List<ObjectNode> records) throws IOException {
        return world.actors()
                .network()
                .send("POST", "/network/v1/usage-records", "application/x-ndjson", ndjson(records), Map.of())
                .expect(200)
                .json();
    }

    static String ndjson(List<ObjectNode> records) {
        return records.stream().map(ObjectNode::toString).collect(Collectors.joining("\n", "", "\n"));
    }

    /** Reports where a device is. */
    static JsonNode locate(World world, Traveller traveller, String trackingArea) throws IOException {
        ObjectNode report = Actors.object(
                "iccid",
                traveller.iccid(),
                "plmn",
                PLMN,
                "tac",
                trackingArea,
                "at",
                Instant.now().toString());
        return world.actors()
                .network()
                .post("/network/v1/locations", report)
                .expect(200)
                .json();
    }

    /** Fails unless an answer counted just so many records. */
    static void expect(JsonNode answer, int counted, int duplicate) {
        if (answer.get("counted").asInt() != counted || answer.get("duplicate").asInt() != duplicate) {
            String shown = answer.toString();
            throw new NotObserved("wanted " + counted + " counted and " + duplicate + " duplicates, got "
                    + shown.substring(0, Math.min(300, shown.length())));
        }
    }
}

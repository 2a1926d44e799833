package dev.octroi.quota;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** Between rows and charging sessions. What no statement looks at is one JSON column. */
final class ChargingRows {
    private static final JsonMapper JSON = new JsonMapper();

    private ChargingRows() {}

    /** Reads an array of rows of {@code charging_session}. */
    static List<ChargingSession> read(String rows) {
        if (rows.equals("[]")) {
            return List.of();
        }
        List<ChargingSession> sessions = new ArrayList<>();
        for (JsonNode row : tree(rows)) {
            JsonNode details = row.get("details");
            sessions.add(new ChargingSession(
                    row.get("number").longValue(),
                    row.get("partner_id").longValue(),
                    row.get("open").booleanValue(),
                    grants(details.get("grants")),
                    moment(row, "grants_until"),
                    moment(row, "touched_at"),
                    row.get("waiting").booleanValue(),
                    row.get("notices").longValue(),
                    row.path("notify_to").textValue(),
                    place(details.path("place")),
                    answers(details.get("answers"))));
        }
        return sessions;
    }

    /** What no statement looks at. */
    static String details(ChargingSession session) {
        ObjectNode details = JSON.createObjectNode();
        ObjectNode grants = details.putObject("grants");
        session.grants().forEach((group, bytes) -> grants.put(Long.toString(group), bytes));
        SessionPlace place = session.place();
        if (place != null) {
            details.putObject("place")
                    .put("plmn", place.plmn())
                    .put("country", place.country())
                    .put("area", place.area());
        }
        ArrayNode answers = details.putArray("answers");
        for (ChargeAnswer answer : session.answers()) {
            ObjectNode each = answers.addObject()
                    .put("message", answer.message())
                    .put("at", answer.at().toString());
            ArrayNode given = each.putArray("grants");
            for (VolumeGrant grant : answer.grants()) {
                given.addObject()
                        .put("group", grant.ratingGroup())
                        .put("result", grant.result().name())
                        .put("bytes", grant.bytes())
                        .put("threshold", grant.thresholdBytes())
                        .put("seconds", grant.validitySeconds())
                        .put("final", grant.isFinal());
            }
        }
        return details.toString();
    }

    private static Map<Long, Long> grants(JsonNode node) {
        Map<Long, Long> grants = new HashMap<>();
        for (Entry<String, JsonNode> entry : node.properties()) {
            grants.put(Long.parseLong(entry.getKey()), entry.getValue().longValue());
        }
        return grants;
    }

    private static @Nullable SessionPlace place(JsonNode node) {
        return node.isObject()
                ? new SessionPlace(
                        node.get("plmn").textValue(),
                        node.get("country").textValue(),
                        node.get("area").textValue())
                : null;
    }

    private static List<ChargeAnswer> answers(JsonNode node) {
        List<ChargeAnswer> answers = new ArrayList<>();
        for (JsonNode each : node) {
            List<VolumeGrant> grants = new ArrayList<>();
            for (JsonNode grant : each.get("grants")) {
                grants.add(new VolumeGrant(
                        grant.get("group").longValue(),
                        VolumeGrant.Result.valueOf(grant.get("result").textValue()),
                        grant.get("bytes").longValue(),
                        grant.get("threshold").longValue(),
                        grant.get("seconds").longValue(),
                        grant.get("final").booleanValue()));
            }
            answers.add(new ChargeAnswer(
                    each.get("message").textValue(),
                    Instant.parse(each.get("at").textValue()),
                    grants));
        }
        return answers;
    }

    private static Instant moment(JsonNode row, String column) {
        return OffsetDateTime.parse(row.get(column).textValue()).toInstant();
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database gave no JSON", e);
        }
    }
}

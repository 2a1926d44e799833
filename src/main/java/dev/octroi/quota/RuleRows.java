package dev.octroi.quota;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.RuleCount;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between JSON in rows and an account's rules, their counts and the restrictions. */
final class RuleRows {
    private static final JsonMapper JSON = new JsonMapper();

    private RuleRows() {}

    static List<Restriction> restrictions(String json) {
        List<Restriction> restrictions = new ArrayList<>();
        for (JsonNode each : tree(json)) {
            restrictions.add(new Restriction(
                    each.get("id").textValue(),
                    RestrictionClass.valueOf(each.get("class").textValue()),
                    each.get("reason").textValue(),
                    Level.valueOf(each.get("level").textValue()),
                    PolicyRows.speed(number(each, "down_kbps"), number(each, "up_kbps")),
                    each.path("rule_id").textValue(),
                    each.path("zone_id").textValue(),
                    each.path("category").textValue(),
                    OffsetDateTime.parse(each.get("from_at").textValue()).toInstant(),
                    PolicyRows.until(each.get("until_kind").textValue(), moment(each, "until_at"))));
        }
        return restrictions;
    }

    static List<RuleSet> sets(String json) {
        List<RuleSet> sets = new ArrayList<>();
        for (JsonNode each : tree(json)) {
            Rule.Owner owner = Rule.Owner.valueOf(each.get("owner").textValue());
            sets.add(new RuleSet(
                    owner,
                    each.get("version").longValue(),
                    RuleJson.readStored(each.get("rules").toString(), owner)));
        }
        return sets;
    }

    static Map<String, RuleCount> counts(String json) {
        Map<String, RuleCount> counts = new HashMap<>();
        JsonNode object = tree(json);
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Instant start = moment(entry.getValue(), "start");
            counts.put(
                    entry.getKey(),
                    new RuleCount(
                            start == null ? Instant.MIN : start,
                            entry.getValue().get("bytes").longValue(),
                            entry.getValue().get("fired").booleanValue(),
                            moment(entry.getValue(), "next"),
                            moment(entry.getValue(), "usedTo"),
                            slots(entry.getValue().path("slots"))));
        }
        return counts;
    }

    private static Map<Long, Long> slots(JsonNode object) {
        Map<Long, Long> slots = new HashMap<>();
        for (Map.Entry<String, JsonNode> slot : object.properties()) {
            slots.put(Long.valueOf(slot.getKey()), slot.getValue().longValue());
        }
        return slots;
    }

    static JsonObject countsJson(Map<String, RuleCount> counts) {
        JsonObject json = new JsonObject();
        counts.forEach((rule, count) -> {
            JsonObject each = new JsonObject().put("bytes", count.amount()).put("fired", count.fired());
            put(each, "start", count.start().equals(Instant.MIN) ? null : count.start());
            put(each, "next", count.nextAt());
            put(each, "usedTo", count.usedTo());
            if (!count.slots().isEmpty()) {
                JsonObject slots = new JsonObject();
                count.slots().forEach((slot, amount) -> slots.put(Long.toString(slot), amount));
                each.put("slots", slots);
            }
            json.put(rule, each);
        });
        return json;
    }

    private static void put(JsonObject json, String member, @Nullable Instant moment) {
        if (moment != null) {
            json.put(member, moment.toString());
        }
    }

    private static @Nullable Integer number(JsonNode node, String member) {
        JsonNode value = node.path(member);
        return value.isInt() ? value.intValue() : null;
    }

    private static @Nullable Instant moment(JsonNode node, String member) {
        String text = node.path(member).textValue();
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    private static JsonNode tree(String json) {
        if (json.equals("[]")) {
            return JSON.createArrayNode();
        }
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database gave no JSON", e);
        }
    }
}

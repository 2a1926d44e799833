package dev.octroi.api.admin;

import dev.octroi.access.Es2Terms;
import dev.octroi.callback.message.NotificationPoints;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What holds for a partner on ES2+, on the wire. */
final class Es2TermsJson {
    private Es2TermsJson() {}

    /** Reads what the contract has let through. */
    static Es2Terms read(@Nullable JsonObject json) {
        if (json == null) {
            return Es2Terms.NONE;
        }
        Set<String> types = new HashSet<>();
        json.getJsonArray("profileTypes", new JsonArray()).forEach(type -> types.add(String.valueOf(type)));
        return new Es2Terms(Optional.ofNullable(json.getString("functionRequesterIdentifier")), types, points(json));
    }

    private static Optional<Map<String, Integer>> points(JsonObject json) {
        JsonObject own = json.getJsonObject("notificationPoints");
        String preset = json.getString("notificationPreset");
        if (own != null && preset != null) {
            throw Problem.of(ProblemType.INVALID_REQUEST)
                    .withErrors(List.of(new Problem.Place(
                            "#/notificationPreset", "Either a preset or points of one's own can be given")))
                    .toException();
        }
        if (own != null) {
            Map<String, Integer> numbers = new HashMap<>();
            own.forEach(entry -> numbers.put(entry.getKey(), ((Number) entry.getValue()).intValue()));
            return Optional.of(new NotificationPoints(numbers).numbers());
        }
        return "lifecycle".equals(preset) ? Optional.of(NotificationPoints.LIFECYCLE.numbers()) : Optional.empty();
    }

    static JsonObject write(Es2Terms terms) {
        JsonObject json = new JsonObject();
        terms.requesterId().ifPresent(id -> json.put("functionRequesterIdentifier", id));
        List<String> types = new ArrayList<>(terms.profileTypes());
        types.sort(null);
        NotificationPoints points =
                terms.notificationPoints().map(NotificationPoints::new).orElse(NotificationPoints.STANDARD);
        return json.put("profileTypes", new JsonArray(types))
                .put("notificationPoints", new JsonObject(new HashMap<>(points.sorted())));
    }
}

package dev.octroi.web.selfcare;

import dev.octroi.quota.Background;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The traveller's background switch as asked for. */
final class BackgroundRequest {
    private static final long MB = 1_000_000L;
    private static final Set<String> MEMBERS = Set.of("mode", "belowBytes");

    private BackgroundRequest() {}

    /** Reads {@code {"mode":…,"belowBytes":…}}; empty when it is not one. */
    static Optional<Background> ofJson(@Nullable Buffer body) {
        JsonObject json;
        try {
            json = body == null ? null : body.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            json = null;
        }
        if (json == null || !MEMBERS.containsAll(json.fieldNames())) {
            return Optional.empty();
        }
        Object below = json.getValue("belowBytes", 0);
        if (json.getValue("mode") instanceof String mode && (below instanceof Integer || below instanceof Long)) {
            return checked(mode, ((Number) below).longValue());
        }
        return Optional.empty();
    }

    /** Reads the form: {@code mode}, {@code below} in MB, which only the mode "low" looks at. */
    static Optional<Background> ofForm(Map<String, String> form) {
        String mode = form.getOrDefault("mode", "");
        String below = form.getOrDefault("below", "").strip();
        if (!mode.equals(Background.Mode.LOW.word())) {
            return checked(mode, 0);
        }
        return below.matches("[0-9]{1,7}") ? checked(mode, Long.parseLong(below) * MB) : Optional.empty();
    }

    private static Optional<Background> checked(String word, long belowBytes) {
        try {
            return Background.Mode.of(word).map(mode -> new Background(mode, belowBytes));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

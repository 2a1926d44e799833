package dev.octroi.web.selfcare;

import dev.octroi.quota.account.Background;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The traveller's background switch as asked for. */
final class BackgroundRequest {
    /** The form's word for all background traffic. */
    static final String ALL = "all";

    private static final long MB = 1_000_000L;
    private static final int MAX_CATEGORIES = 20;
    private static final Set<String> MEMBERS = Set.of("mode", "belowBytes", "categories");

    private BackgroundRequest() {}

    /** Reads {@code {"mode":…,"belowBytes":…,"categories":[…]}}; empty when it is not one. */
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
            return categories(json.getValue("categories", new JsonArray()))
                    .flatMap(categories -> checked(mode, ((Number) below).longValue(), categories));
        }
        return Optional.empty();
    }

    private static Optional<List<String>> categories(@Nullable Object value) {
        if (!(value instanceof JsonArray array) || array.size() > MAX_CATEGORIES) {
            return Optional.empty();
        }
        List<String> words = array.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
        return words.size() == array.size() ? Optional.of(words) : Optional.empty();
    }

    /**
     * Reads the form: {@code mode}; {@code kind}, a category, several with commas between, or {@code all}; {@code below} in MB,
     * which only the mode "low" looks at, with {@code belowBytes} where the page showed what is no whole number of MB.
     */
    static Optional<Background> ofForm(Map<String, String> form) {
        String mode = form.getOrDefault("mode", "");
        String below = form.getOrDefault("below", "").strip();
        String kind = form.getOrDefault("kind", ALL);
        boolean isAll = kind.equals(ALL) || mode.equals(Background.Mode.ON.word());
        List<String> categories = isAll ? List.of() : categories(kind);
        if (!mode.equals(Background.Mode.LOW.word())) {
            return checked(mode, 0, categories);
        }
        return below.matches("[0-9]{1,7}")
                ? checked(mode, bytes(Long.parseLong(below), form.getOrDefault("belowBytes", "")), categories)
                : Optional.empty();
    }

    /** The categories of a form's {@code kind}; none for all background traffic. */
    static List<String> categories(String kind) {
        return kind.equals(ALL) ? List.of() : List.of(kind.split(",", -1));
    }

    private static long bytes(long typed, String shown) {
        return shown.matches("[0-9]{1,15}") && Long.parseLong(shown) / MB == typed ? Long.parseLong(shown) : typed * MB;
    }

    private static Optional<Background> checked(String word, long belowBytes, List<String> categories) {
        try {
            return Background.Mode.of(word).map(mode -> new Background(mode, belowBytes, categories));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

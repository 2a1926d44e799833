package dev.octroi.quota;

import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns of a policy: speed, end and categories. */
final class PolicyRows {
    private PolicyRows() {}

    /** Words with commas between them, for a column of an array of rows; null for none. */
    static @Nullable String joined(List<String> categories) {
        return categories.isEmpty() ? null : String.join(",", categories);
    }

    static List<String> blockedCategories(Row row) {
        String[] categories = row.getArrayOfStrings("blocked_categories");
        return categories == null ? List.of() : List.of(categories);
    }

    static @Nullable Integer downKbps(@Nullable Speed speed) {
        return speed == null ? null : speed.downKbps();
    }

    static @Nullable Integer upKbps(@Nullable Speed speed) {
        return speed == null ? null : speed.upKbps();
    }

    /** A speed; null where there is none. */
    static @Nullable Speed speed(@Nullable Integer down, @Nullable Integer up) {
        return down == null || up == null ? null : new Speed(down, up);
    }

    /** An end from its word and moment. */
    static Until until(String word, @Nullable Instant moment) {
        return switch (word) {
            case "moment" -> {
                if (moment == null) {
                    throw new IllegalStateException("an end at a moment without a moment");
                }
                yield new Until.At(moment);
            }
            case "top_up" -> new Until.TopUp(moment);
            case "zone_left" -> new Until.ZoneLeft(moment);
            case "lifted" -> new Until.Lifted();
            default -> new Until.Forever();
        };
    }
}

package dev.octroi.quota;

import dev.octroi.policy.Speed;
import io.vertx.sqlclient.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns of a policy's speed and categories. */
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
}

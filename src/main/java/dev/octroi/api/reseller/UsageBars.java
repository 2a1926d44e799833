package dev.octroi.api.reseller;

import dev.octroi.quota.UsagePoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Adds usage up to bars: one for each hour or day, split as asked. */
final class UsageBars {
    private record Bar(Instant start, String split) {}

    private static final class Volume {
        private long upBytes;
        private long downBytes;

        void add(UsagePoint point) {
            upBytes += point.upBytes();
            downBytes += point.downBytes();
        }

        JsonObject json() {
            return new JsonObject()
                    .put("upBytes", upBytes)
                    .put("downBytes", downBytes)
                    .put("bytes", upBytes + downBytes);
        }
    }

    private UsageBars() {}

    /** The bars, oldest first, of points in that order. */
    static JsonArray items(List<UsagePoint> points, String groupBy) {
        Function<UsagePoint, String> split = switch (groupBy) {
            case "zone" -> UsagePoint::zone;
            case "category" -> UsagePoint::category;
            case "network" -> UsagePoint::plmn;
            default -> point -> "";
        };
        Map<Bar, Volume> bars = new LinkedHashMap<>();
        for (UsagePoint point : points) {
            bars.computeIfAbsent(new Bar(point.from(), split.apply(point)), bar -> new Volume())
                    .add(point);
        }
        JsonArray items = new JsonArray();
        bars.forEach((bar, volume) -> {
            JsonObject item = new JsonObject().put("start", Times.text(bar.start()));
            if (!groupBy.equals("none")) {
                item.put(groupBy, bar.split());
            }
            items.add(item.put("volume", volume.json()));
        });
        return items;
    }

    /** All points together. */
    static JsonObject total(List<UsagePoint> points) {
        Volume total = new Volume();
        points.forEach(total::add);
        return total.json();
    }
}

package dev.octroi.api.reseller;

import dev.octroi.quota.account.UsagePoint;
import dev.octroi.quota.account.UsageSplit;
import dev.octroi.usage.Countries;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Adds usage up to bars: one for each hour or day, split as asked. */
final class UsageBars {
    private record Bar(Instant start, List<String> split) {}

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

    /**
     * The bars, oldest first, of points in that order.
     *
     * @param groupBy {@code none}, or one or several of {@code country}, {@code zone}, {@code category} and {@code network} with
     *     commas between
     */
    static JsonArray items(List<UsagePoint> points, String groupBy) {
        List<String> names = names(groupBy);
        Map<Bar, Volume> bars = new LinkedHashMap<>();
        for (UsagePoint point : points) {
            List<String> split = names.stream().map(name -> part(point, name)).toList();
            bars.computeIfAbsent(new Bar(point.from(), split), bar -> new Volume())
                    .add(point);
        }
        JsonArray items = new JsonArray();
        bars.forEach((bar, volume) -> {
            JsonObject item = new JsonObject().put("start", Times.text(bar.start()));
            for (int i = 0; i < names.size(); i++) {
                item.put(names.get(i), bar.split().get(i));
            }
            items.add(item.put("volume", volume.json()));
        });
        return items;
    }

    /** What has to be told apart for such bars; a country is that of its networks. */
    static UsageSplit split(String groupBy) {
        List<String> names = names(groupBy);
        return new UsageSplit(
                names.contains("zone"),
                names.contains("category"),
                names.contains("network") || names.contains("country"));
    }

    private static List<String> names(String groupBy) {
        return groupBy.equals("none")
                ? List.of()
                : Stream.of(groupBy.split(",", -1)).distinct().toList();
    }

    private static String part(UsagePoint point, String name) {
        return switch (name) {
            case "country" -> Countries.of(point.plmn());
            case "zone" -> point.zone();
            case "category" -> point.category();
            default -> point.plmn();
        };
    }

    /** All points together. */
    static JsonObject total(List<UsagePoint> points) {
        Volume total = new Volume();
        points.forEach(total::add);
        return total.json();
    }
}

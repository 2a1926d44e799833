package dev.octroi.web.console;

import dev.octroi.drain.ByteRange;
import dev.octroi.drain.NormalBand;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.web.Html;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The last days hour by hour against what is normal, as data for {@code band.js} and in words for everybody. */
final class BandChart {
    /** How far back it looks. */
    static final Duration SPAN = Duration.ofDays(4);

    private static final int NIGHT_HOURS = 6;
    private static final long HOUR_SECONDS = 3_600;
    private static final int SECONDS_PER_MINUTE = 60;

    private BandChart() {}

    static void draw(Html html, NormalBand band, List<UsagePoint> use, ZoneId zone, Instant now) {
        html.raw("<section class=\"card wide\"><h2>Use against normal, hour by hour</h2><p class=soft>")
                .text("A usual day is " + Marks.volume(band.usualDayBytes()) + ". ")
                .text(
                        band.learnedDays() < 1
                                ? "The band is that of the plan: there is no history of its own yet."
                                : "The band is learned from about " + Math.round(band.learnedDays())
                                        + " days of its own; four days of five lie inside.")
                .raw(" Nights, where it was last used, are shaded.</p><div id=band data-series=\"")
                .text(series(band, use, zone, now).encode())
                .raw("\"><noscript>The chart needs a browser with scripts.</noscript></div></section>")
                .raw("<script src=\"")
                .raw(ConsoleAssets.PATH + ConsoleAssets.UPLOT)
                .raw("\" defer></script><script src=\"")
                .raw(ConsoleAssets.PATH + ConsoleAssets.BAND)
                .raw("\" defer></script>");
    }

    /** One span for each night, however many hours of it are seen. */
    private static void shade(JsonArray nights, long fromSeconds) {
        JsonArray last = nights.isEmpty() ? null : nights.getJsonArray(nights.size() - 1);
        long toSeconds = fromSeconds + HOUR_SECONDS;
        if (last != null && last.getLong(1) == fromSeconds) {
            last.set(1, toSeconds);
        } else {
            nights.add(new JsonArray().add(fromSeconds).add(toSeconds));
        }
    }

    static JsonObject series(NormalBand band, List<UsagePoint> use, ZoneId zone, Instant now) {
        Instant end = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        int count = (int) SPAN.toHours();
        long[] used = new long[count];
        for (UsagePoint point : use) {
            long back = Duration.between(point.from(), end).toHours();
            if (back >= 1 && back <= count) {
                used[count - (int) back] += point.bytes();
            }
        }
        JsonArray hours = new JsonArray();
        JsonArray bytes = new JsonArray();
        JsonArray low = new JsonArray();
        JsonArray high = new JsonArray();
        JsonArray nights = new JsonArray();
        for (int i = 0; i < count; i++) {
            Instant from = end.minus(count - i, ChronoUnit.HOURS);
            int local = band.localHour(from, zone.getRules().getOffset(from).getTotalSeconds() / SECONDS_PER_MINUTE);
            ByteRange normal = band.hours().get(local);
            hours.add(from.getEpochSecond());
            bytes.add(used[i]);
            low.add(normal.lowBytes());
            high.add(normal.highBytes());
            if (local < NIGHT_HOURS) {
                shade(nights, from.getEpochSecond());
            }
        }
        return new JsonObject()
                .put("zone", zone.getId())
                .put("hours", hours)
                .put("used", bytes)
                .put("low", low)
                .put("high", high)
                .put("nights", nights);
    }
}

package dev.octroi.web.selfcare;

import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.web.Html;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Bars as inline SVG with the night shaded, and the same numbers as a table for those who do not see bars. */
final class UsageChart {
    private static final int HOURS = 24;
    private static final int DAYS = 14;
    private static final int NIGHT_FROM = 0;
    private static final int NIGHT_TO = 6;
    private static final int WIDTH = 336;
    private static final int HEIGHT = 84;

    private UsageChart() {}

    private record Bar(String label, long bytes, boolean night) {}

    static void hours(Html html, List<UsagePoint> points, Instant now, Texts texts) {
        ZonedDateTime end =
                now.atZone(texts.zone()).truncatedTo(ChronoUnit.HOURS).plusHours(1);
        List<Bar> bars = new ArrayList<>();
        for (int i = HOURS; i > 0; i--) {
            ZonedDateTime from = end.minusHours(i);
            Instant start = from.toInstant();
            Instant stop = from.plusHours(1).toInstant();
            long bytes = points.stream()
                    .filter(point ->
                            !point.from().isBefore(start) && point.from().isBefore(stop))
                    .mapToLong(UsagePoint::bytes)
                    .sum();
            boolean night = from.getHour() >= NIGHT_FROM && from.getHour() < NIGHT_TO;
            bars.add(new Bar(String.format(texts.locale(), "%02d:00", from.getHour()), bytes, night));
        }
        draw(html, bars, 6, texts.get("chart.hours"), texts);
    }

    /** Days are those of the account, which its limits are counted by. */
    static void days(Html html, List<UsagePoint> points, AccountView account, Texts texts) {
        ZoneId zone = account.dayZone();
        LocalDate today = account.readAt().atZone(zone).toLocalDate();
        DateTimeFormatter format = DateTimeFormatter.ofPattern(texts.get("date.day"), texts.locale());
        List<Bar> bars = new ArrayList<>();
        for (int i = DAYS - 1; i >= 0; i--) {
            LocalDate day = today.minusDays(i);
            long bytes = points.stream()
                    .filter(point -> point.from().atZone(zone).toLocalDate().equals(day))
                    .mapToLong(UsagePoint::bytes)
                    .sum();
            bars.add(new Bar(day.format(format), bytes, false));
        }
        draw(html, bars, 4, texts.get("chart.days"), texts);
    }

    private static void draw(Html html, List<Bar> bars, int labelEvery, String title, Texts texts) {
        long most = Math.max(1, bars.stream().mapToLong(Bar::bytes).max().orElse(1));
        int step = WIDTH / bars.size();
        // All bars are one path: a third of the bytes of as many rectangles.
        StringBuilder use = new StringBuilder();
        html.raw("<figure><figcaption>")
                .text(title)
                .raw("</figcaption><svg role=img viewBox=\"0 0 ")
                .number(WIDTH)
                .raw(" ")
                .number(HEIGHT + 16)
                .raw("\" aria-label=\"")
                .text(title)
                .raw("\">");
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int x = i * step;
            if (bar.night() && (i == 0 || !bars.get(i - 1).night())) {
                night(html, x, step * nightFrom(bars, i));
            }
            int height = bar.bytes() == 0 ? 0 : (int) Math.max(2, bar.bytes() * (HEIGHT - 4) / most);
            if (height > 0) {
                use.append('M')
                        .append(x + 2)
                        .append(' ')
                        .append(HEIGHT)
                        .append('v')
                        .append(-height);
                use.append('h').append(step - 4).append('v').append(height);
            }
            if (i % labelEvery == 0) {
                html.raw("<text x=")
                        .number(x)
                        .raw(" y=")
                        .number(HEIGHT + 13)
                        .raw(">")
                        .text(bar.label())
                        .raw("</text>");
            }
        }
        html.raw("<path class=bar d=\"").raw(use.toString()).raw("\"/>");
        html.raw("<path class=axis d=\"M0 ")
                .number(HEIGHT)
                .raw("h")
                .number(WIDTH)
                .raw("\"/></svg>");
        table(html, bars, texts);
        html.raw("</figure>");
    }

    /** How many bars of night follow each other: they are shaded as one, since every byte of this page counts. */
    private static int nightFrom(List<Bar> bars, int first) {
        int end = first;
        while (end < bars.size() && bars.get(end).night()) {
            end++;
        }
        return end - first;
    }

    private static void night(Html html, int x, int width) {
        html.raw("<rect class=night x=")
                .number(x)
                .raw(" width=")
                .number(width)
                .raw(" height=")
                .number(HEIGHT)
                .raw(" />");
    }

    private static void table(Html html, List<Bar> bars, Texts texts) {
        html.raw("<details><summary>").text(texts.get("chart.table")).raw("</summary><table>");
        for (Bar bar : bars) {
            if (bar.bytes() > 0) {
                html.raw("<tr><th scope=row>").text(bar.label()).raw("<td>").text(texts.volume(bar.bytes()));
            }
        }
        html.raw("</table></details>");
    }
}

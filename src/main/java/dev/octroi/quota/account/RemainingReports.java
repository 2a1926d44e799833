package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a feed said was left of one bundle, in the order of measuring. Each fall from one report to the next was used; a
 * rise is volume the partner added and takes nothing back. A report that comes late is put into its place: that can only
 * add to the sum of the falls, so every order of arrival ends at the same sum as long as no report was forgotten.
 *
 * @param reports in order, the oldest first, at most {@link #MAX_REPORTS}
 */
public record RemainingReports(List<Report> reports) {
    /** Reports remembered for one bundle; one that is older than all of a full memory counts nothing. */
    public static final int MAX_REPORTS = 32;

    /** Nothing was reported. */
    public static final RemainingReports NONE = new RemainingReports(List.of());

    /** Of two reports of one moment the higher comes first, whichever arrived first. */
    private static final Comparator<Report> ORDER =
            Comparator.comparing(Report::at).thenComparing(Report::leftBytes, Comparator.reverseOrder());

    public RemainingReports {
        reports = List.copyOf(reports);
    }

    /** Puts a report into its place. */
    public Added add(Report report) {
        int place = 0;
        while (place < reports.size() && ORDER.compare(reports.get(place), report) < 0) {
            place++;
        }
        Report after = place < reports.size() ? reports.get(place) : null;
        boolean forgotten = place == 0 && reports.size() == MAX_REPORTS;
        if (forgotten || report.equals(after)) {
            return new Added(this, 0, report.at());
        }
        Report before = place > 0 ? reports.get(place - 1) : null;
        List<Report> next = new ArrayList<>(reports);
        next.add(place, report);
        if (next.size() > MAX_REPORTS) {
            next.removeFirst();
        }
        return new Added(
                new RemainingReports(next),
                fall(before, report) + fall(report, after) - fall(before, after),
                before == null ? report.at() : before.at());
    }

    private static long fall(@Nullable Report from, @Nullable Report to) {
        return from == null || to == null ? 0 : Math.max(0, from.leftBytes() - to.leftBytes());
    }

    /**
     * One report.
     *
     * @param at when it was measured
     * @param leftBytes what was left then
     */
    public record Report(Instant at, long leftBytes) {
        public Report {
            requireNonNull(at, "at is null");
        }
    }

    /**
     * What a report changed.
     *
     * @param reports all with the new one
     * @param usedBytes what is known to be used beyond what was known before, 0 or more
     * @param since since when that was used
     */
    public record Added(RemainingReports reports, long usedBytes, Instant since) {
        public Added {
            requireNonNull(since, "since is null");
        }
    }
}

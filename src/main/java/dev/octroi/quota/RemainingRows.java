package dev.octroi.quota;

import dev.octroi.quota.account.RemainingReports;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Reports of what was left as one column: {@code epochMs:bytes} pairs with blanks between them. */
final class RemainingRows {
    private RemainingRows() {}

    /** The column; null where nothing was reported. */
    static @Nullable String write(RemainingReports remaining) {
        if (remaining.reports().isEmpty()) {
            return null;
        }
        StringJoiner column = new StringJoiner(" ");
        for (RemainingReports.Report each : remaining.reports()) {
            column.add(each.at().toEpochMilli() + ":" + each.leftBytes());
        }
        return column.toString();
    }

    /** What {@link #write} wrote. */
    static RemainingReports read(@Nullable String column) {
        if (column == null) {
            return RemainingReports.NONE;
        }
        List<RemainingReports.Report> reports = new ArrayList<>();
        for (String pair : column.split(" ", -1)) {
            int colon = pair.indexOf(':');
            reports.add(new RemainingReports.Report(
                    Instant.ofEpochMilli(Long.parseLong(pair.substring(0, colon))),
                    Long.parseLong(pair.substring(colon + 1))));
        }
        return new RemainingReports(reports);
    }
}

package dev.octroi.usage.file;

import dev.octroi.usage.RecordResult;
import java.util.List;

/**
 * What became of the rows of a file so far.
 *
 * @param counted on disk
 * @param duplicate counted before
 * @param quarantined kept aside
 * @param rejected in the report
 */
public record FileTally(long counted, long duplicate, long quarantined, long rejected) {
    static final FileTally NONE = new FileTally(0, 0, 0, 0);

    /** All rows looked at. */
    public long rows() {
        return counted + duplicate + quarantined + rejected;
    }

    FileTally plus(List<RecordResult> results) {
        return new FileTally(
                counted + count(results, RecordResult.Verdict.COUNTED),
                duplicate + count(results, RecordResult.Verdict.DUPLICATE),
                quarantined + count(results, RecordResult.Verdict.QUARANTINED),
                rejected + count(results, RecordResult.Verdict.REJECTED));
    }

    private static long count(List<RecordResult> results, RecordResult.Verdict verdict) {
        return results.stream().filter(each -> each.verdict() == verdict).count();
    }
}

package dev.octroi.usage.file;

import java.util.List;

/** What became of a file. */
public sealed interface FileOutcome {
    /**
     * Every row was looked at, and what was counted is on disk.
     *
     * @param tally what became of the rows
     * @param missing numbers of this sender's files that are still missing, the oldest first, at most 1,000 stretches
     */
    record Done(FileTally tally, List<Missing> missing) implements FileOutcome {}

    /** The same content was counted to its end before, and none of its rows was rejected. */
    record Repeated(String earlierName) implements FileOutcome {}

    /** It ends in the middle, or changed while it was read: whoever writes it is not done. What was counted stays so. */
    record Incomplete(String sentence) implements FileOutcome {}

    /** Nothing of it can be counted. */
    record Refused(String sentence) implements FileOutcome {}

    /**
     * A stretch of missing numbers.
     *
     * @param stream the names up to the number
     * @param first the first that is missing
     * @param last the last that is missing
     */
    record Missing(String stream, long first, long last) {
        @Override
        public String toString() {
            return stream + first + (first == last ? "" : "–" + last);
        }
    }
}

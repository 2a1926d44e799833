package dev.octroi.usage.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** One row of a file, as it was read. */
@SuppressWarnings("ArrayRecordComponent")
sealed interface UsageRow {
    /** The number of its line; the header has 1. */
    long line();

    /** The row as it was given, without its end; of one that is too long only the beginning. */
    byte[] given();

    /** The row in words. */
    default String text() {
        return new String(given(), StandardCharsets.UTF_8);
    }

    /** A row whose cells have names. */
    record Named(long line, byte[] given, ObjectNode members) implements UsageRow {}

    /**
     * A row that is none.
     *
     * @param detail one sentence without any identifier
     */
    record Bad(long line, byte[] given, String detail) implements UsageRow {}
}

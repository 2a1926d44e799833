package dev.octroi.usage.file;

import dev.octroi.secret.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file is before its rows are read.
 *
 * @param sizeBytes length of its content, unpacked
 * @param digest SHA-256 of its content, unpacked
 * @param rows lines after the header that are rows, as {@link LineShape} has it
 * @param endsInLine whether its last line has its line feed
 * @param announcedRows what a last line {@code #end,ROWS} says, blank lines after it aside; empty without one
 */
@SuppressWarnings("ArrayRecordComponent")
record FileFacts(long sizeBytes, byte[] digest, long rows, boolean endsInLine, OptionalLong announcedRows) {
    private static final int BUFFER_BYTES = 256 * 1_024;
    private static final int MARK_BYTES = 64;
    private static final Pattern END = Pattern.compile("#end,([0-9]{1,12})\\s*");

    /**
     * Reads a file to its end, without looking into its rows.
     *
     * @param maxBytes most that it may hold, unpacked
     */
    static FileFacts of(Path file, long maxBytes) throws IOException {
        MessageDigest digest = Sha256.digest();
        Lines lines = new Lines();
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (InputStream in = UsageContent.open(file, maxBytes)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                lines.take(buffer, read);
                size += read;
            }
        }
        return new FileFacts(size, digest.digest(), Math.max(0, lines.rows - 1), lines.start, lines.announced);
    }

    /** Whether it is there as a whole, as far as it tells. */
    boolean isComplete(boolean needsEnd) {
        return endsInLine
                && sizeBytes > 0
                && (announcedRows.isPresent() ? announcedRows.getAsLong() == rows : !needsEnd);
    }

    /** Counts lines as they pass by; of each it remembers only the beginning. */
    private static final class Lines {
        private final byte[] line = new byte[MARK_BYTES];
        private final LineShape shape = new LineShape();
        private int length;
        private boolean start = true;
        private long rows;
        private OptionalLong announced = OptionalLong.empty();

        void take(byte[] bytes, int count) {
            for (int i = 0; i < count; i++) {
                byte each = bytes[i];
                start = each == '\n';
                if (start) {
                    end();
                } else {
                    if (length < MARK_BYTES) {
                        line[length++] = each;
                    }
                    shape.take(each);
                }
            }
        }

        private void end() {
            if (shape.isComment()) {
                Matcher end = END.matcher(new String(line, 0, length, StandardCharsets.US_ASCII));
                announced = end.matches() ? OptionalLong.of(Long.parseLong(end.group(1))) : OptionalLong.empty();
            } else if (shape.isRow()) {
                announced = OptionalLong.empty();
                rows++;
            }
            length = 0;
            shape.begin();
        }
    }
}

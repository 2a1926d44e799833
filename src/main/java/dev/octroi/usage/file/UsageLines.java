package dev.octroi.usage.file;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of usage records row by row (RFC 4180, UTF-8, a line feed ends every row): a bad row costs itself and no
 * other. Blank rows and rows that begin with {@code #} are passed over. Never holds more than the rows of one chunk.
 */
final class UsageLines {
    /** Longest row, in bytes. */
    static final int MAX_ROW_BYTES = 4_096;

    private static final int BUFFER_BYTES = 64 * 1_024;
    private static final String RETURN_INSIDE = " has a carriage return inside; a line feed ends a row.";
    private static final String MARK = "\uFEFF";
    private static final ObjectReader CSV =
            new CsvMapper().readerFor(String[].class).with(CsvParser.Feature.TRIM_SPACES);

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final LineShape shape = new LineShape();
    private int position;
    private int filled;
    private long line;
    private @Nullable UsageHeader header;

    /** @param in closed by the caller */
    UsageLines(InputStream in) {
        this.in = requireNonNull(in, "in is null");
    }

    /** Reads the header. */
    void open() throws IOException, RefusedFileException {
        byte[] first = nextLine();
        if (shape.hasReturnInside()) {
            throw new RefusedFileException("The first line" + RETURN_INSIDE);
        }
        String text = first == null ? "" : new String(first, StandardCharsets.UTF_8);
        String[] cells = cells(text.startsWith(MARK) ? text.substring(1) : text);
        if (cells == null || shape.contentBytes() > MAX_ROW_BYTES) {
            throw new RefusedFileException("The first line is no header.");
        }
        header = UsageHeader.of(List.of(cells));
    }

    /** The next rows, at most so many; empty at the end. */
    List<UsageRow> next(int max) throws IOException {
        UsageHeader columns = requireNonNull(header, "the header was not read");
        List<UsageRow> rows = new ArrayList<>();
        while (rows.size() < max) {
            byte[] given = nextLine();
            if (given == null) {
                return rows;
            }
            if (shape.isRow()) {
                rows.add(row(columns, given));
            }
        }
        return rows;
    }

    private UsageRow row(UsageHeader columns, byte[] given) {
        if (shape.contentBytes() > MAX_ROW_BYTES) {
            return new UsageRow.Bad(line, given, "The row is longer than " + MAX_ROW_BYTES + " bytes.");
        }
        if (shape.hasReturnInside()) {
            return new UsageRow.Bad(line, given, "The row" + RETURN_INSIDE);
        }
        String[] cells = cells(new String(given, StandardCharsets.UTF_8));
        if (cells == null) {
            return new UsageRow.Bad(line, given, "The row is no CSV.");
        }
        ObjectNode members = columns.name(cells);
        return members == null
                ? new UsageRow.Bad(line, given, "The row has not as many cells as the header.")
                : new UsageRow.Named(line, given, members);
    }

    private static String @Nullable [] cells(String row) {
        try {
            return CSV.readValue(row, String[].class);
        } catch (IOException e) {
            // The exception quotes the row, which names subscribers.
            return null;
        }
    }

    /** A line without its end, whose shape is at hand then; of one that is too long only so much as shows that it is. */
    private byte @Nullable [] nextLine() throws IOException {
        ByteArrayOutputStream row = new ByteArrayOutputStream(160);
        shape.begin();
        boolean any = false;
        while (position < filled || fill()) {
            any = true;
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                shape.take(buffer[end]);
                end++;
            }
            row.write(buffer, position, Math.min(end - position, MAX_ROW_BYTES + 2 - row.size()));
            boolean ended = end < filled;
            position = ended ? end + 1 : end;
            if (ended) {
                break;
            }
        }
        if (!any) {
            return null;
        }
        line++;
        byte[] bytes = row.toByteArray();
        return shape.contentBytes() < bytes.length ? Arrays.copyOf(bytes, (int) shape.contentBytes()) : bytes;
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, in.read(buffer, 0, buffer.length));
        return filled > 0;
    }
}

package dev.octroi.rsp.stock;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.octroi.rsp.type.StoredType;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a batch line by line (RFC 4180, a line feed ends every row): a bad line costs itself and no other. Never holds more
 * than the lines of one chunk.
 */
final class BatchLines {
    private static final int MAX_LINE = 4_000;
    private static final ObjectReader CSV =
            new CsvMapper().readerFor(String[].class).with(CsvParser.Feature.TRIM_SPACES);

    private final Reader in;
    private int number;
    private boolean ended;
    private @Nullable BatchHeader header;

    /** @param in buffered; closed by the caller */
    BatchLines(Reader in) {
        this.in = requireNonNull(in, "in is null");
    }

    /** Whether a file has more rows than so many after its header; reads no further than that shows. */
    static boolean holdsMoreThan(int rows, Reader in) throws IOException {
        BatchLines lines = new BatchLines(in);
        lines.nextLine();
        int seen = 0;
        @Nullable String line;
        while (seen <= rows && (line = lines.nextLine()) != null) {
            seen += line.isBlank() ? 0 : 1;
        }
        return seen > rows;
    }

    /** Reads the header; gives why it cannot be used. */
    Optional<BatchHeader.Refusal> open() throws IOException {
        @Nullable String line = nextLine();
        @Nullable
        List<String> names = line == null ? null : cells(line.startsWith("\uFEFF") ? line.substring(1) : line);
        if (names == null) {
            return Optional.of(new BatchHeader.Refusal("The first line is no header."));
        }
        Optional<BatchHeader.Refusal> refusal = BatchHeader.refusal(names);
        if (refusal.isEmpty()) {
            header = BatchHeader.of(names);
        }
        return refusal;
    }

    /** The next lines, at most so many; empty at the end. Blank lines are passed over. */
    List<BatchLine> next(int max, StoredType.Facts facts, @Nullable TransportKey transport) throws IOException {
        BatchHeader columns = requireNonNull(header, "the header was not read");
        List<BatchLine> lines = new ArrayList<>();
        while (lines.size() < max) {
            @Nullable String line = nextLine();
            if (line == null) {
                return lines;
            }
            if (!line.isBlank()) {
                @Nullable List<String> cells = cells(line);
                lines.add(
                        cells == null
                                ? new BatchLine.Bad(number, RowFault.LINE)
                                : BatchRow.read(number, cells, columns, facts, transport));
            }
        }
        return lines;
    }

    private static @Nullable List<String> cells(String line) {
        if (line.length() > MAX_LINE) {
            return null;
        }
        try {
            return List.of(CSV.readValue(line, String[].class));
        } catch (IOException e) {
            // The exception quotes the line, which holds keys.
            return null;
        }
    }

    /** A line without its end; of one that is too long only so much as shows that it is. */
    private @Nullable String nextLine() throws IOException {
        if (ended) {
            return null;
        }
        StringBuilder line = new StringBuilder(160);
        int c;
        while ((c = in.read()) >= 0 && c != '\n') {
            if (line.length() <= MAX_LINE) {
                line.append((char) c);
            }
        }
        ended = c < 0;
        if (ended && line.isEmpty()) {
            return null;
        }
        number++;
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }
}

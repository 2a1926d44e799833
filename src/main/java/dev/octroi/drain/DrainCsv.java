package dev.octroi.drain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads usage records in order of arrival from CSV with the columns
 * {@code subscription_id,timestamp,bytes_up,bytes_down,category,zone,plan,plan_mb,tz_min}.
 */
public final class DrainCsv {
    private static final int COLUMNS = 9;
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int LINE_MAX_BYTES = 1_000;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] line = new byte[LINE_MAX_BYTES];
    private final int[] ends = new int[COLUMNS];
    private int position;
    private int limit;
    private long lineNumber;

    /** @param in closed by the caller */
    public DrainCsv(InputStream in) {
        this.in = in;
    }

    /**
     * Moves to the next record.
     *
     * @return false at the end
     * @throws IOException when a line is not a record; says which line
     */
    public boolean next() throws IOException {
        while (readLine()) {
            if (!(lineNumber == 1 && column(0).equals("subscription_id"))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a whole further line has already been read, so that {@link #next} does not wait. */
    boolean ready() {
        for (int at = position; at < limit; at++) {
            if (buffer[at] == '\n') {
                return true;
            }
        }
        return false;
    }

    /** The subscription of the record. */
    public String subscription() {
        return column(0);
    }

    /** The plan of the record's subscription. */
    public PlanClass plan() {
        return PlanClass.of(column(6), number(7));
    }

    /** What the record says. */
    public DrainObservation observation() {
        return new DrainObservation(
                number(1), number(2), number(3), Category.of(column(4)), column(5), (int) number(8));
    }

    private boolean readLine() throws IOException {
        int length = 0;
        int columns = 0;
        while (true) {
            if (position == limit) {
                limit = in.read(buffer);
                position = 0;
                if (limit <= 0) {
                    limit = 0;
                    if (length == 0) {
                        return false;
                    }
                    break;
                }
            }
            byte each = buffer[position++];
            if (each == '\n') {
                break;
            }
            if (each == '\r') {
                continue;
            }
            if (each == ',' && columns < COLUMNS - 1) {
                ends[columns++] = length;
            }
            if (length == LINE_MAX_BYTES) {
                throw new IOException("line " + (lineNumber + 1) + " is too long");
            }
            line[length++] = each;
        }
        lineNumber++;
        if (columns != COLUMNS - 1) {
            throw new IOException("line " + lineNumber + " does not have " + COLUMNS + " columns");
        }
        ends[columns] = length;
        return true;
    }

    private String column(int at) {
        int from = at == 0 ? 0 : ends[at - 1] + 1;
        return new String(line, from, ends[at] - from, StandardCharsets.UTF_8);
    }

    private long number(int at) {
        int from = at == 0 ? 0 : ends[at - 1] + 1;
        int to = ends[at];
        boolean negative = from < to && line[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new IllegalArgumentException("line " + lineNumber + ": not a whole number: " + column(at));
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }
}

package dev.octroi.usage.file;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The columns of a file: the members of a usage record, in any order, in any case. */
record UsageHeader(List<String> columns) {
    private static final Set<String> NUMBERS = Set.of("up", "down", "remaining", "total", "counterBits");
    private static final List<String> TEXTS = List.of(
            "id",
            "imsi",
            "iccid",
            "meaning",
            "session",
            "sessionStart",
            "start",
            "end",
            "plmn",
            "tac",
            "cell",
            "rat",
            "category",
            "destinationClass",
            "imei",
            "imeisv");
    private static final Map<String, String> KNOWN = known();
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}");

    /**
     * Reads the first line's cells.
     *
     * @throws RefusedFileException when a column is unknown or twice, or one that every record needs is missing
     */
    static UsageHeader of(List<String> cells) throws RefusedFileException {
        List<String> columns = new ArrayList<>();
        for (String cell : cells) {
            String column = KNOWN.get(cell.strip().toLowerCase(Locale.ROOT));
            if (column == null) {
                throw new RefusedFileException("The header has a column that a usage record does not have.");
            }
            columns.add(column);
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new RefusedFileException("The header names a column twice.");
        }
        boolean subscriber = columns.contains("imsi") || columns.contains("iccid");
        boolean volume = columns.contains("remaining") || (columns.contains("up") && columns.contains("down"));
        if (!subscriber || !volume || !columns.contains("end") || !columns.contains("plmn")) {
            throw new RefusedFileException("The header needs imsi or iccid, end, plmn, and up and down or remaining.");
        }
        return new UsageHeader(List.copyOf(columns));
    }

    /** A row's cells by their members; an empty cell is a member that is missing. Null: there are more or fewer cells. */
    @Nullable
    ObjectNode name(String[] cells) {
        if (cells.length != columns.size()) {
            return null;
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.length; i++) {
            if (!cells[i].isEmpty()) {
                put(members, columns.get(i), cells[i]);
            }
        }
        return members;
    }

    private static void put(ObjectNode members, String column, String cell) {
        if (!NUMBERS.contains(column) || !NUMBER.matcher(cell).matches()) {
            members.put(column, cell);
        } else if (column.equals("counterBits") && cell.length() < 4) {
            members.put(column, Integer.parseInt(cell));
        } else {
            members.put(column, new BigInteger(cell));
        }
    }

    private static Map<String, String> known() {
        Map<String, String> known = new TreeMap<>();
        TEXTS.forEach(column -> known.put(column.toLowerCase(Locale.ROOT), column));
        NUMBERS.forEach(column -> known.put(column.toLowerCase(Locale.ROOT), column));
        return known;
    }
}

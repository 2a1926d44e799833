package dev.octroi.testing;

import dev.octroi.db.DatabaseConfig;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Looks through every row of every table, as a thief of a dump would, for identifiers in any usual form. */
public final class ClearText {
    private ClearText() {}

    /**
     * Where identifiers are found in clear, as {@code table: kind in form}; never the identifier itself.
     *
     * @param identifiers by kind, decimal digits or text
     */
    public static List<String> find(DatabaseConfig config, Map<String, String> identifiers) throws SQLException {
        Map<String, String> forms = new LinkedHashMap<>();
        identifiers.forEach((kind, value) -> forms(value).forEach((form, text) -> forms.put(kind + " " + form, text)));
        List<String> found = new ArrayList<>();
        try (Connection connection = TestDatabase.connect(config);
                Statement statement = connection.createStatement()) {
            for (String table : tables(statement)) {
                try (ResultSet rows = statement.executeQuery("SELECT t::text FROM \"" + table + "\" t")) {
                    while (rows.next()) {
                        String row = rows.getString(1).toLowerCase(Locale.ROOT);
                        forms.forEach((form, text) -> {
                            if (row.contains(text)) {
                                found.add(table + ": " + form);
                            }
                        });
                    }
                }
            }
        }
        return found.stream().distinct().toList();
    }

    /** Number of rows of all tables, to know that there was something to look through. */
    public static long rows(DatabaseConfig config) throws SQLException {
        long sum = 0;
        try (Connection connection = TestDatabase.connect(config);
                Statement statement = connection.createStatement()) {
            for (String table : tables(statement)) {
                try (ResultSet count = statement.executeQuery("SELECT count(*) FROM \"" + table + "\"")) {
                    count.next();
                    sum += count.getLong(1);
                }
            }
        }
        return sum;
    }

    /** Text, hexadecimal of the text, BCD with swapped nibbles (ITU-T E.118), and base64 of each. */
    private static Map<String, String> forms(String value) {
        Map<String, String> forms = new LinkedHashMap<>();
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        forms.put("as text", value);
        forms.put("as text in hex", HexFormat.of().formatHex(text));
        forms.put("as text in base64", base64(text));
        if (value.matches("[0-9]+")) {
            String even = value.length() % 2 == 0 ? value : value + "F";
            StringBuilder swapped = new StringBuilder();
            for (int i = 0; i < even.length(); i += 2) {
                swapped.append(even.charAt(i + 1)).append(even.charAt(i));
            }
            forms.put("as BCD", even);
            forms.put("as swapped BCD", swapped.toString());
            forms.put("as BCD in base64", base64(HexFormat.of().parseHex(even)));
            forms.put("as swapped BCD in base64", base64(HexFormat.of().parseHex(swapped)));
        }
        forms.replaceAll((form, each) -> each.toLowerCase(Locale.ROOT));
        return forms;
    }

    /** Without the last group, which depends on what follows. */
    private static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes).substring(0, bytes.length / 3 * 4);
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet names = statement.executeQuery(
                "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace")) {
            while (names.next()) {
                tables.add(names.getString(1));
            }
        }
        return tables;
    }
}

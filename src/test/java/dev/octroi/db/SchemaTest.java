package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every table and every statement, whoever wrote them. */
class SchemaTest {
    /** A text block with the constant that it makes, the one that stands before it, and those that fill its gaps. */
    private static final Pattern TEXT_BLOCK = Pattern.compile(
            "(?:(?<name>[A-Z_]{2,})\\s*=\\s*)?(?:(?<head>[A-Z_]{2,})\\s*\\+\\s*)?\"\"\"\\s*\\n(?<text>.*?)\"\"\""
                    + "(?:\\s*\\.formatted\\((?<parts>[A-Z_]{2,}(?:,\\s*[A-Z_]{2,})*)\\))?",
            Pattern.DOTALL);

    private static final Pattern STATEMENT =
            Pattern.compile("^\\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE)\\b", Pattern.CASE_INSENSITIVE);

    private static DatabaseConfig config;

    @BeforeAll
    static void migrate() {
        config = TestDatabase.create();
    }

    /** A named gap of a template; an array literal stands in quotes. */
    private static final Pattern GAP = Pattern.compile("[^']\\{[a-z]+}");

    private static final Pattern EFFECT = Pattern.compile("(FROM|USING) step\\b");

    @Test
    void everyTenantTableForcesRowLevelSecurityForBothRoles() throws SQLException {
        assertThat(rows("""
                SELECT c.relname FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
                """)).hasSizeGreaterThan(40);
        assertThat(rows("""
                SELECT c.relname || ' force=' || c.relforcerowsecurity || ' policies='
                    || (SELECT count(DISTINCT p.polname) FROM pg_policy p WHERE p.polrelid = c.oid)
                FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
                  AND NOT (c.relforcerowsecurity AND c.relrowsecurity
                    AND (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) >= 2)
                """)).isEmpty();
    }

    @Test
    void everyTenantTableHasTheTenantInItsPrimaryKey() throws SQLException {
        assertThat(rows("""
                SELECT c.relname
                FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
                LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
                WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
                  AND (i.indkey IS NULL OR NOT a.attnum = ANY (i.indkey))
                  AND c.relname NOT IN (SELECT unnest(%s))
                """.formatted(GLOBAL_LOOKUPS))).isEmpty();
    }

    @Test
    void neitherRoleIsSuperuserOrBypassesRowLevelSecurity() throws SQLException {
        assertThat(rows("""
                SELECT rolname FROM pg_roles WHERE rolname LIKE 'octroi\\_%' AND (rolsuper OR rolbypassrls)
                """)).isEmpty();
    }

    @Test
    void everyStatementInAStoreIsAcceptedByTheSchema() throws IOException, SQLException {
        List<String> refused = new ArrayList<>();
        int count = 0;
        try (Connection connection = TestDatabase.connect(config);
                Statement statement = connection.createStatement()) {
            for (Path source : stores()) {
                for (String sql : statements(Files.readString(source))) {
                    String name = "s" + count++;
                    try {
                        statement.execute("PREPARE " + name + " AS " + sql);
                    } catch (SQLException e) {
                        refused.add(source.getFileName() + ": " + e.getMessage() + "\n" + sql);
                    }
                }
            }
        }
        assertThat(refused).isEmpty();
        assertThat(count).isGreaterThan(300);
    }

    /** Look-up tables that find the tenant, so they cannot be keyed by it; each is listed with its reason. */
    private static final String GLOBAL_LOOKUPS = "ARRAY["
            + "'account_link'," // a network's record names a SIM, not a tenant
            + "'account_link_past'," // the same of the time before
            + "'rsp_session'," // a device names a transaction, not a tenant
            + "'api_client'" // a client logs in before its tenant is known
            + "]::text[]";

    private static List<Path> stores() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith("Store.java")
                            || file.getParent().endsWith("db"))
                    // What a bench is held against has tables of its own, in a database of its own.
                    .filter(file -> !file.getParent().endsWith("bench"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> statements(String source) {
        List<String> found = new ArrayList<>();
        Map<String, String> constants = new HashMap<>();
        Matcher blocks = TEXT_BLOCK.matcher(source);
        while (blocks.find()) {
            String sql = joined(blocks, constants);
            if (blocks.group("name") != null) {
                constants.put(blocks.group("name"), sql);
            }
            boolean template = sql.contains("%s")
                    || sql.contains("%1$s")
                    || GAP.matcher(sql).find();
            boolean parameterless = sql.toLowerCase(Locale.ROOT).startsWith("with")
                    || STATEMENT.matcher(sql).find();
            if (parameterless && !template) {
                found.add(whole(sql.endsWith(";") ? sql.substring(0, sql.length() - 1) : sql));
            }
        }
        return found;
    }

    /** A block with what its class puts before it and into it. */
    private static String joined(Matcher block, Map<String, String> constants) {
        String text = block.group("text").translateEscapes().strip();
        String head = constants.get(block.group("head"));
        String sql = head == null ? text : head + "\n" + text;
        List<String> parts = block.group("parts") == null
                ? List.of()
                : List.of(block.group("parts").split(",\\s*"));
        return !parts.isEmpty() && constants.keySet().containsAll(parts)
                ? sql.formatted(parts.stream().map(constants::get).toArray())
                : sql;
    }

    /** An effect of a profile's step takes its rows from the step's own statement, and has places of its own. */
    private static String whole(String sql) {
        return EFFECT.matcher(sql).find()
                ? "WITH step AS (SELECT tenant_id, vshard, id FROM profile)\n"
                        + sql.replaceAll(":(\\d+)(?=::)", "\\$$1")
                : sql;
    }

    private static List<String> rows(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = TestDatabase.connect(config);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}

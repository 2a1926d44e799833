package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What each migration has to heed. */
class MigrationRulesTest {
    private static final Path FOLDER = Path.of("src/main/resources/db/migration");
    private static final Pattern TENANT_TABLE = Pattern.compile("octroi_tenant_table\\('(\\w+)'");
    private static final Pattern VERSION = Pattern.compile("V(\\d+)__.*");
    private static final Pattern READ_OR_WRITTEN = Pattern.compile("(?:FROM|JOIN|UPDATE|INTO)\\s+(?:ONLY\\s+)?(\\w+)");
    private static final Pattern DATA = Pattern.compile("(?ms)^(?:UPDATE|DELETE|INSERT|WITH)\\b.*?;");
    /** The first after those that were there before this was looked at. */
    private static final int FIRST = 77;
    /** 85 is made up for by a job, 101 by 135. */
    private static final Set<Integer> MADE_UP_FOR = Set.of(85, 101);

    /** Row-level security is forced on the owner as well: where it is no superuser it would see no row, and nothing would fail. */
    @Test
    void rowsOfTenantTablesAreChangedWhereTheOwnerSeesThem() throws IOException {
        Set<String> tables = new TreeSet<>();
        for (Path file : files()) {
            TENANT_TABLE.matcher(Files.readString(file)).results().forEach(found -> tables.add(found.group(1)));
        }
        assertThat(tables).contains("profile", "subscription", "charging_session");
        List<String> blind = new ArrayList<>();
        for (Path file : files()) {
            Matcher name = VERSION.matcher(file.getFileName().toString());
            int version = name.matches() ? Integer.parseInt(name.group(1)) : 0;
            if (version < FIRST || MADE_UP_FOR.contains(version)) {
                continue;
            }
            String text = Files.readString(file);
            DATA.matcher(text)
                    .results()
                    .flatMap(statement ->
                            READ_OR_WRITTEN.matcher(statement.group()).results())
                    .map(found -> found.group(1))
                    .filter(tables::contains)
                    .filter(table -> !text.contains("ALTER TABLE " + table + " NO FORCE ROW LEVEL SECURITY"))
                    .forEach(table -> blind.add(file.getFileName() + " " + table));
        }
        assertThat(blind).isEmpty();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }
}

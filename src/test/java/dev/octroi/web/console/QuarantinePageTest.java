package dev.octroi.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.quota.account.RecordName;
import dev.octroi.testing.TestDatabase;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QuarantinePageTest {
    private static final String PATH = "/console/quarantine";

    private static ConsoleServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void recordsThatWaitAreListedForWhoMaySeeThemAndPagesFollow() throws Exception {
        assertThat(page(1)).contains("No usage record waits");
        for (int i = 0; i < 60; i++) {
            keep(1, "cdr-<" + i, "too_late");
        }
        keep(2, "bolt-1", "in_future");
        TestDatabase.execute(server.fixture.config, """
                INSERT INTO quarantine (source, key, reason, id_kind, id_hash, record, received_at)
                VALUES ('mediation', 'p0@17.1', 'malformed', 'NONE', '', '{"detail": "not a JSON object"}', now())
                """);
        String first = page(1);
        assertThat(first)
                .contains(name("cdr-<0"), "500 MB", "208-01", "Too late")
                .doesNotContain("cdr-", name("cdr-<59"), name("bolt-1"), "p0@");
        Matcher later = Pattern.compile("href=\"(\\?after=qrn_[0-9A-Z]{13})\"").matcher(first);
        assertThat(later.find()).isTrue();
        String second = server.get(server.cookie(1, ConsoleServer.EVERYTHING), PATH + later.group(1))
                .bodyAsString();
        assertThat(second).contains(name("cdr-<59")).doesNotContain(name("cdr-<0"), "Later records");
        assertThat(first).doesNotContain("not over yet");
        String all = server.get(server.cookie(0, ConsoleServer.EVERYTHING), PATH + later.group(1))
                .bodyAsString();
        assertThat(all).contains(name("bolt-1"), "p0@17.1", "Malformed");
    }

    @Test
    void aRecordOfTheFutureSaysThatItCannotBeReleasedYet() {
        TestDatabase.execute(server.fixture.config, """
                INSERT INTO quarantine (tenant_id, source, key, reason, id_kind, id_hash, record, received_at)
                VALUES (0, 'net-b', 'ahead', 'in_future', 'IMSI', '', '{"meaning": "DELTA", "up": 1, "down": 4,
                        "plmn": "208-01", "end": "2026-11-26T09:00:00Z"}', '2026-11-23T09:30:00Z')
                """);
        assertThat(page(0)).contains(RecordName.of("net-b", "ahead"), "In future", "not over yet");
        TestDatabase.execute(server.fixture.config, "DELETE FROM quarantine WHERE key = 'ahead'");
    }

    @Test
    void thePageNeedsItsScopeAndASession() {
        assertThat(server.get("", PATH).statusCode()).isEqualTo(303);
        assertThat(server.get(server.cookie(1, "cases:read"), PATH).statusCode())
                .isEqualTo(403);
    }

    private static String page(int tenant) {
        return server.get(server.cookie(tenant, ConsoleServer.EVERYTHING), PATH).bodyAsString();
    }

    private static String name(String key) {
        return RecordName.of("net-a", key);
    }

    private static void keep(int tenant, String key, String reason) {
        TestDatabase.execute(server.fixture.config, """
                INSERT INTO quarantine (tenant_id, source, key, reason, id_kind, id_hash, record, received_at)
                VALUES (%d, 'net-a', '%s', '%s', 'IMSI', '', '{"meaning": "DELTA", "up": 100000000, "down": 400000000,
                        "plmn": "208-01", "end": "2026-11-23T09:00:00Z"}', '2026-11-23T09:30:00Z')
                """.formatted(tenant, key, reason));
    }
}

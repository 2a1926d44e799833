package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageLanguageTest {
    private static final String SPOKEN = """
            SELECT count(*) FROM pg_roles WHERE rolname LIKE 'octroi\\_%' AND 'lc_messages=C' = ANY (rolconfig)
            """;

    private final DatabaseConfig config = TestDatabase.create();

    @AfterEach
    void asBefore() {
        for (Role role : Role.values()) {
            TestDatabase.execute(config, "ALTER ROLE " + role.sqlName() + " RESET lc_messages");
        }
    }

    @Test
    void languagesAreToldApart() {
        assertThat(new String[] {"", "C", "C.UTF-8", "POSIX", "en_US.UTF-8", "English_United States.1252"})
                .allMatch(MessageLanguage::isEnglish);
        assertThat(new String[] {"fr_FR.UTF-8", "de_DE", "French_France.1252", "zh_CN.UTF-8"})
                .noneMatch(MessageLanguage::isEnglish);
    }

    @Test
    void theServerSpeaksEnglishToTheRoles() throws Exception {
        try (Connection owner = TestDatabase.connect(config);
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            MessageLanguage.speakEnglish(owner, statement);
            owner.commit();
        }
        assertThat(TestDatabase.rows(config, SPOKEN)).containsExactly("2");
    }

    @Test
    void anOwnerThatMayNotSaySoGoesOn() throws Exception {
        String name = "modest_" + config.database();
        TestDatabase.execute(config, "CREATE ROLE " + name + " CREATEROLE LOGIN PASSWORD 'modest'");
        try (Connection owner = DriverManager.getConnection(config.jdbcUrl(), name, "modest");
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            MessageLanguage.speakEnglish(owner, statement);
            assertThat(statement.execute("SELECT 1"))
                    .as("the transaction goes on")
                    .isTrue();
            owner.commit();
        }
        assertThat(TestDatabase.rows(config, SPOKEN)).containsExactly("0");
    }
}

package dev.octroi.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The language in which the server speaks to the gateway's roles. When a migration adds a column, statements that are
 * prepared have to be prepared again, and the client knows the server's refusal by its English words alone: in another
 * language a gateway of before is refused until it is restarted.
 */
final class MessageLanguage {
    private static final Logger log = LoggerFactory.getLogger(MessageLanguage.class);
    private static final String NOT_PERMITTED = "42501";

    private MessageLanguage() {}

    /** Has the server speak English to the roles; warns where the owner may not say so. */
    static void settle(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String language;
            try (ResultSet shown = statement.executeQuery("SHOW lc_messages")) {
                shown.next();
                language = shown.getString(1);
            }
            if (!isEnglish(language)) {
                speakEnglish(connection, statement);
            }
        }
    }

    static boolean isEnglish(String language) {
        String lower = language.toLowerCase(Locale.ROOT);
        return lower.isEmpty()
                || lower.equals("c")
                || lower.startsWith("c.")
                || lower.equals("posix")
                || lower.startsWith("en");
    }

    /** Within the transaction that the connection is in. */
    static void speakEnglish(Connection connection, Statement statement) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            for (Role role : Role.values()) {
                statement.execute("ALTER ROLE %s SET lc_messages = 'C'".formatted(role.sqlName()));
            }
        } catch (SQLException e) {
            if (!NOT_PERMITTED.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            log.warn(
                    "the database speaks another language than English, and its owner may not change that for the roles"
                            + " of the gateway: have a superuser say ALTER ROLE octroi_app SET lc_messages = 'C' and the same of"
                            + " octroi_worker, or an upgrade beside running gateways makes them fail until they are restarted");
        }
    }
}

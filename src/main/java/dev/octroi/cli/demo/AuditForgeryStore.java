package dev.octroi.cli.demo;

import dev.octroi.db.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Changes one row of the audit log as the owner of the database could, past the trigger that forbids it. */
final class AuditForgeryStore {
    private final DatabaseConfig database;

    AuditForgeryStore(DatabaseConfig database) {
        this.database = database;
    }

    /** Changes who did it; returns the entry as it was. */
    String forge(int tenantId, long seq) throws SQLException {
        try (Connection connection = pastTheTrigger();
                PreparedStatement read =
                        connection.prepareStatement("SELECT entry FROM audit WHERE tenant_id = ? AND seq = ?")) {
            read.setInt(1, tenantId);
            read.setLong(2, seq);
            try (ResultSet rows = read.executeQuery()) {
                rows.next();
                String original = rows.getString(1);
                write(connection, tenantId, seq, original.replaceFirst("\"actor\":\"", "\"actor\":\"not-"));
                return original;
            }
        }
    }

    /** Puts the entry back, so that the data folder can be used again. */
    void restore(int tenantId, long seq, String entry) throws SQLException {
        try (Connection connection = pastTheTrigger()) {
            write(connection, tenantId, seq, entry);
        }
    }

    private Connection pastTheTrigger() throws SQLException {
        Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.ownerUser(), database.ownerPassword());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
        }
        return connection;
    }

    private static void write(Connection connection, int tenantId, long seq, String entry) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE audit SET entry = ? WHERE tenant_id = ? AND seq = ?")) {
            update.setString(1, entry);
            update.setInt(2, tenantId);
            update.setLong(3, seq);
            update.executeUpdate();
        }
    }
}

package dev.octroi.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed of events is in the order of the transactions that wrote them. A dump that was restored into another cluster brings
 * their numbers along, and the new cluster counts from the beginning: what happens from then on would stand before all of it,
 * where nobody reads any more. So the numbers from before become negative ones, in the same order. Runs before any listener
 * opens; blocking.
 */
final class RestoredEvents {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredEvents.class);
    private static final long LOCK = 0x0C7202;

    /** The newest of each tenant, by one look at the index for each. */
    private static final String NEWEST = """
            WITH RECURSIVE newest AS (
              (SELECT tenant_id, txid FROM event ORDER BY tenant_id DESC, txid DESC, id DESC LIMIT 1)
              UNION ALL
              SELECT e.tenant_id, e.txid FROM newest n CROSS JOIN LATERAL (
                SELECT tenant_id, txid FROM event WHERE tenant_id < n.tenant_id
                ORDER BY tenant_id DESC, txid DESC, id DESC LIMIT 1) e)
            SELECT max(txid) FROM newest HAVING max(txid) >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
            """;

    private RestoredEvents() {}

    static void mend(DatabaseConfig config) {
        Role worker = Role.WORKER;
        try (Connection connection =
                        DriverManager.getConnection(config.jdbcUrl(), worker.sqlName(), config.rolePassword(worker));
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
            try (ResultSet newest = statement.executeQuery(NEWEST)) {
                if (newest.next()) {
                    move(connection, newest.getLong(1));
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot put restored events in order at " + config + ": " + e.getMessage(), e);
        }
    }

    private static void move(Connection connection, long newest) throws SQLException {
        LOG.warn("the database was restored from a dump: its events are put before those to come");
        try (PreparedStatement move = connection.prepareStatement("UPDATE event SET txid = txid - ? - 1")) {
            move.setLong(1, newest);
            LOG.info("{} events from before the restore", move.executeUpdate());
        }
    }
}

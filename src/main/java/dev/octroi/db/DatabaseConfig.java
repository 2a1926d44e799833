package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.HmacSha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where the database is and how to log in as its owner.
 *
 * @param host host name or address
 * @param port TCP port
 * @param database database name
 * @param ownerUser the role that owns the schema and runs the migrations
 * @param ownerPassword its password
 * @param roleSecret what the passwords of the gateway's own roles are derived from, the same on every gateway; mostly the owner's
 *     password
 * @param tls how the connections are protected; empty: in clear, only for loopback
 */
public record DatabaseConfig(
        String host,
        int port,
        String database,
        String ownerUser,
        String ownerPassword,
        String roleSecret,
        Optional<DatabaseTls> tls) {
    public DatabaseConfig {
        requireNonNull(host, "host is null");
        requireNonNull(database, "database is null");
        requireNonNull(ownerUser, "ownerUser is null");
        requireNonNull(ownerPassword, "ownerPassword is null");
        requireNonNull(roleSecret, "roleSecret is null");
        requireNonNull(tls, "tls is null");
    }

    /** A server on this machine, in clear. */
    public DatabaseConfig(String host, int port, String database, String ownerUser, String ownerPassword) {
        this(host, port, database, ownerUser, ownerPassword, ownerPassword, Optional.empty());
    }

    /** The JDBC address, for Flyway. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database
                + tls.map(DatabaseTls::jdbcParameters).orElse("");
    }

    /**
     * The password of one of the gateway's own roles. It is derived, so that all gateways on one database agree without sharing a
     * file, and a leaked one does not reveal the owner's.
     */
    public String rolePassword(Role role) {
        byte[] derived = HmacSha256.of(
                roleSecret.getBytes(StandardCharsets.UTF_8),
                ("octroi role " + role.sqlName()).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(derived);
    }

    @Override
    public String toString() {
        return "DatabaseConfig[" + host + ":" + port + "/" + database + "]";
    }
}

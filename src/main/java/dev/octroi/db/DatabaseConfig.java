package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where the database is and how to log in as its owner.
 *
 * @param host host name or address
 * @param port TCP port
 * @param database database name
 * @param ownerUser the role that owns the schema and runs the migrations
 * @param ownerPassword its password
 * @param tls whether the server's certificate is verified in full ({@code verify-full}); off only for loopback
 */
public record DatabaseConfig(
        String host, int port, String database, String ownerUser, String ownerPassword, boolean tls) {
    public DatabaseConfig {
        requireNonNull(host, "host is null");
        requireNonNull(database, "database is null");
        requireNonNull(ownerUser, "ownerUser is null");
        requireNonNull(ownerPassword, "ownerPassword is null");
    }

    /** The JDBC address, for Flyway. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database + (tls ? "?sslmode=verify-full" : "");
    }

    /**
     * The password of one of the gateway's own roles. It is derived from the owner's, so that all gateways on one
     * database agree without sharing a file, and a leaked role password does not reveal the owner's.
     */
    public String rolePassword(Role role) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(ownerPassword.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of()
                    .formatHex(mac.doFinal(("octroi role " + role.sqlName()).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }

    @Override
    public String toString() {
        return "DatabaseConfig[" + host + ":" + port + "/" + database + "]";
    }
}

package dev.octroi.secret;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Where a sealed value lives. It is authenticated with the value, so a ciphertext copied to another tenant, table,
 * column or row does not open there.
 *
 * @param tenantId the tenant that owns the row, 0 for rows of no tenant
 * @param table the table name, {@code [a-z][a-z0-9_]*}
 * @param column the column name, {@code [a-z][a-z0-9_]*}
 * @param primaryKey the row's primary key without the tenant, in any stable text form
 */
public record Aad(int tenantId, String table, String column, String primaryKey) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    public Aad {
        Objects.requireNonNull(primaryKey, "primaryKey");
        if (tenantId < 0) {
            throw new IllegalArgumentException("tenantId is negative");
        }
        if (!NAME.matcher(table).matches() || !NAME.matcher(column).matches()) {
            throw new IllegalArgumentException("table and column are plain lower-case names");
        }
    }

    /** The place of a row with a numeric key. */
    public static Aad of(int tenantId, String table, String column, long primaryKey) {
        return new Aad(tenantId, table, column, Long.toString(primaryKey));
    }

    /** The authenticated bytes; unambiguous because no part but the last may hold the separator. */
    byte[] bytes() {
        return (tenantId + "|" + table + "|" + column + "|" + primaryKey).getBytes(StandardCharsets.UTF_8);
    }
}

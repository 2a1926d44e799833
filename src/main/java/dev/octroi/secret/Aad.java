package dev.octroi.secret;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

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
    private static final int MAX_NAME = 63;

    public Aad {
        Objects.requireNonNull(primaryKey, "primaryKey");
        if (tenantId < 0) {
            throw new IllegalArgumentException("tenantId is negative");
        }
        if (!isName(table) || !isName(column)) {
            throw new IllegalArgumentException("table and column are plain lower-case names");
        }
    }

    private static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME || !isLetter(text.charAt(0))) {
            return false;
        }
        return text.chars().allMatch(each -> isLetter(each) || (each >= '0' && each <= '9') || each == '_');
    }

    private static boolean isLetter(int character) {
        return character >= 'a' && character <= 'z';
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

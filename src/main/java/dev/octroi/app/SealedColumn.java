package dev.octroi.app;

import dev.octroi.secret.Aad;
import java.util.List;
import java.util.Map;

/**
 * A column of sealed values that stay as long as their row.
 *
 * @param column its name in the table
 * @param place the column's name as it is authenticated with the value
 * @param key SQL for the key as it is authenticated with the value, see {@link Aad}
 * @param rowsAtOnce so many values are read into memory
 */
record SealedColumn(String table, String column, String place, String key, int rowsAtOnce) {
    private static final int SHORT = 200;
    private static final int LARGE = 8;

    /** All of them. */
    static final List<SealedColumn> ALL = List.of(
            of("profile", "iccid_sealed", "id", SHORT),
            of("profile", "imsi_sealed", "id", SHORT),
            of("profile", "matching_sealed", "id", SHORT),
            of("profile", "confirmation_sealed", "id", SHORT),
            of("profile", "eid_sealed", "id", SHORT),
            of("profile_key", "keys_sealed", "profile_id", SHORT),
            of("profile_order", "matching_sealed", "profile_id", SHORT),
            of("profile_type_package", "template_sealed", "type_id || '|' || version", LARGE),
            of("rsp_package", "package", "profile_id", LARGE),
            of("rsp_protected", "keys_sealed", "profile_id || '|' || order_no", SHORT),
            of("rsp_notification", "raw_sealed", "encode(eid_idx, 'hex') || '|' || sequence", SHORT),
            of("webhook_endpoint", "secret_sealed", "id", SHORT),
            new SealedColumn("webhook_endpoint", "previous_sealed", "secret_sealed", "id", SHORT),
            of("notice_channel", "address_sealed", "subscription_id", SHORT),
            of("partner", "connector_secret", "id", SHORT),
            of("spending_limit", "context", "number", SHORT));

    /**
     * What is sealed for hours or days and goes by itself, and the addresses of charging sessions, which {@link AddressResealing}
     * seals anew: tables and SQL for the value.
     */
    static final Map<String, String> PASSING = Map.of(
            "rsp_session", "state_sealed",
            "idempotency_key", "response",
            "charging_session", "decode(notify_to, 'base64')",
            "outbox", "decode(payload ->> 'card', 'base64')");

    private static SealedColumn of(String table, String column, String key, int rowsAtOnce) {
        return new SealedColumn(table, column, column, key, rowsAtOnce);
    }

    Aad aad(int tenantId, String rowKey) {
        return new Aad(tenantId, table, place, rowKey);
    }
}

package dev.octroi.api.admin;

import dev.octroi.db.PublicId;
import dev.octroi.usage.QuarantinedRecord;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A quarantined record as the admin API shows it: what was reported, without subscriber and device. */
final class QuarantinedJson {
    private static final List<String> SHOWN = List.of("start", "end", "plmn", "country", "rat", "category");

    private QuarantinedJson() {}

    static JsonObject write(QuarantinedRecord record) {
        Instant resolvedAt = record.resolvedAt();
        JsonObject json = new JsonObject()
                .put("id", PublicId.QUARANTINED.format(record.id()))
                .put("tenantId", record.tenantId() == 0 ? null : PublicId.TENANT.format(record.tenantId()))
                .put("source", record.source())
                .put("key", record.key())
                .put("reason", record.reason())
                .put("status", record.status().word())
                .put("receivedAt", record.receivedAt().toString())
                .put("resolvedAt", resolvedAt == null ? null : resolvedAt.toString())
                .put("byItself", record.byItself());
        JsonObject reported = record.record();
        if (!record.isReadable()) {
            return json.put("detail", reported.getString("detail"));
        }
        for (String member : SHOWN) {
            json.put(member, reported.getString(member));
        }
        return json.put("meaning", reported.getString("meaning").toLowerCase(Locale.ROOT))
                .put("upBytes", reported.getLong("up"))
                .put("downBytes", reported.getLong("down"));
    }
}

package dev.octroi.privacy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reads the lists of an export, a page at a time; on connections of the worker role. */
final class ExportStore {
    /**
     * A row as the export shows it.
     *
     * @param item its members
     * @param place where it stands in the list
     */
    record Item(JsonObject item, String place) {}

    /**
     * Rows of a section in the order of their places.
     *
     * @param after only rows behind this place; empty: from the first one on
     */
    Future<List<Item>> page(SqlConnection connection, Traveller of, ExportSection section, String after, int limit) {
        String sql = "SELECT jsonb_strip_nulls(item) AS item, place FROM (" + statement(section)
                + ") AS part WHERE place COLLATE \"C\" > $3::text ORDER BY place COLLATE \"C\" LIMIT $4::int";
        return connection
                .preparedQuery(sql)
                .execute(Tuple.of(of.tenantId(), key(of, section.key()), after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Item(row.getJsonObject("item"), row.getString("place")))
                        .toList());
    }

    private static Object key(Traveller of, ExportSection.Key key) {
        return switch (key) {
            case ACCOUNT -> of.accountId();
            case SUBSCRIPTION -> of.subscriptionId();
            case PROFILES -> of.profiles().toArray(Long[]::new);
            case SIMS -> of.sims().toArray(Buffer[]::new);
            case OBJECTS -> of.objects().toArray(String[]::new);
        };
    }

    private static String statement(ExportSection section) {
        return switch (section) {
            case VOLUMES -> UseExportStore.VOLUMES;
            case TOP_UPS -> UseExportStore.TOP_UPS;
            case LEDGER -> UseExportStore.LEDGER;
            case USAGE -> UseExportStore.USAGE;
            case SESSIONS -> UseExportStore.SESSIONS;
            case CHARGING -> UseExportStore.CHARGING;
            case QUARANTINED -> UseExportStore.QUARANTINED;
            case RULES -> ActExportStore.RULES;
            case DECISIONS -> ActExportStore.DECISIONS;
            case RESTRICTIONS -> ActExportStore.RESTRICTIONS;
            case ALARMS -> ActExportStore.ALARMS;
            case CASES -> ActExportStore.CASES;
            case EVENTS -> ActExportStore.EVENTS;
            case MESSAGES -> ActExportStore.MESSAGES;
            case LINKS -> ActExportStore.LINKS;
            case CALLBACKS -> ActExportStore.CALLBACKS;
            case DOWNLOADS -> ActExportStore.DOWNLOADS;
            case AUDIT -> ActExportStore.AUDIT;
        };
    }
}

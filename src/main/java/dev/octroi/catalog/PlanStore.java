package dev.octroi.catalog;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans, one row for each version. All methods run within the caller's tenant transaction. */
public final class PlanStore {

    /**
     * Adds a version.
     *
     * @return false when this version, or a later one, is there already
     */
    public Future<Boolean> insert(SqlConnection connection, int tenantId, Plan plan) {
        PlanOffer offer = plan.offer();
        return connection
                .preparedQuery("""
                        INSERT INTO plan (tenant_id, id, version, name, amount, currency, terms, sale, label, label_hash,
                            created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                        ON CONFLICT DO NOTHING
                        """)
                .execute(Tuple.from(new Object[] {
                    tenantId,
                    plan.id(),
                    plan.version(),
                    offer.name(),
                    offer.price().amount(),
                    offer.price().currency(),
                    new JsonObject(offer.terms().toJson()),
                    sale(offer),
                    new JsonObject(plan.label().canonicalJson()),
                    io.vertx.core.buffer.Buffer.buffer(plan.label().hashBytes()),
                    plan.createdAt().atOffset(ZoneOffset.UTC)
                }))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The current version. */
    public Future<Optional<Plan>> find(SqlConnection connection, int tenantId, long id) {
        return connection.preparedQuery("""
                        SELECT id, version, amount, currency, terms, sale, label, label_hash, created_at FROM plan
                        WHERE tenant_id = $1 AND id = $2 ORDER BY version DESC LIMIT 1
                        """).execute(Tuple.of(tenantId, id)).map(PlanStore::first);
    }

    /** One version, the current or an earlier one. */
    public Future<Optional<Plan>> find(SqlConnection connection, int tenantId, long id, int version) {
        return connection
                .preparedQuery("""
                        SELECT id, version, amount, currency, terms, sale, label, label_hash, created_at FROM plan
                        WHERE tenant_id = $1 AND id = $2 AND version = $3
                        """)
                .execute(Tuple.of(tenantId, id, version))
                .map(PlanStore::first);
    }

    /**
     * Current versions, newest plan first, of plans older than {@code beforeId}; of each zone no more than one place, since a page
     * of plans with all places would be very large.
     *
     * @param withdrawn those that are off sale; else those that are on sale
     */
    public Future<List<Plan>> list(
            SqlConnection connection, int tenantId, boolean withdrawn, long beforeId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT id, version, amount, currency, sale, label, label_hash, created_at,
                            terms || jsonb_build_object(
                                'zoneCaps', (SELECT coalesce(jsonb_agg(z || jsonb_build_object(
                                        'trackingAreas', jsonb_path_query_array(z, '$.trackingAreas[0]'))), '[]')
                                    FROM jsonb_array_elements(terms -> 'zoneCaps') AS z),
                                'zoneTariffs', (SELECT coalesce(jsonb_agg(z || jsonb_build_object(
                                        'places', jsonb_path_query_array(z, '$.places[0]'))), '[]')
                                    FROM jsonb_array_elements(terms -> 'zoneTariffs') AS z)) AS terms
                        FROM (SELECT DISTINCT ON (id) * FROM plan p WHERE tenant_id = $1 AND id < $2
                            AND $4 = EXISTS (SELECT FROM plan_withdrawal w WHERE w.tenant_id = $1 AND w.plan_id = p.id)
                            ORDER BY id DESC, version DESC LIMIT $3) AS page
                        ORDER BY id DESC
                        """)
                .execute(Tuple.of(tenantId, beforeId, limit, withdrawn))
                .map(rows -> {
                    List<Plan> plans = new ArrayList<>();
                    rows.forEach(row -> plans.add(plan(row)));
                    return plans;
                });
    }

    private static Optional<Plan> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(plan(rows.iterator().next()));
    }

    private static Plan plan(Row row) {
        JsonObject sale = row.getJsonObject("sale");
        String currency = row.getString("currency");
        String topUp = sale.getString("topUpPricePerGigabyte");
        PlanOffer offer = new PlanOffer(
                PlanTerms.fromJson(row.getJsonObject("terms").encode()),
                new Money(row.getBigDecimal("amount"), currency),
                texts(sale.getJsonArray("countries")),
                topUp == null ? null : new Money(new java.math.BigDecimal(topUp), currency),
                sale.getString("breakoutCountry"),
                sale.getBoolean("tethering", true),
                sale.getString("profileType"));
        Label label = new Label(
                row.getJsonObject("label").getMap(),
                Label.hashText(row.getBuffer("label_hash").getBytes()));
        return new Plan(
                row.getLong("id"),
                row.getInteger("version"),
                offer,
                label,
                row.getOffsetDateTime("created_at").toInstant());
    }

    private static JsonObject sale(PlanOffer offer) {
        JsonObject sale = new JsonObject()
                .put("countries", new JsonArray(offer.countries()))
                .put("tethering", offer.tethering());
        putText(sale, "breakoutCountry", offer.breakoutCountry());
        putText(sale, "profileType", offer.profileType());
        Money topUp = offer.topUpPricePerGigabyte();
        putText(sale, "topUpPricePerGigabyte", topUp == null ? null : topUp.text());
        return sale;
    }

    private static void putText(JsonObject json, String name, @Nullable String text) {
        if (text != null) {
            json.put(name, text);
        }
    }

    private static List<String> texts(JsonArray array) {
        return array.stream().map(String::valueOf).toList();
    }
}

package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import dev.octroi.quota.account.LedgerEntry;
import dev.octroi.quota.account.OverageView;
import dev.octroi.quota.account.RecordName;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Rows of the ledger on the wire. */
final class LedgerJson {
    private LedgerJson() {}

    /** @param overage names the currency; null where nothing is ever charged */
    static JsonObject write(LedgerEntry row, @Nullable OverageView overage) {
        JsonObject json = new JsonObject()
                .put("record", RecordName.of(row.source(), row.key()))
                .put("source", row.source())
                .put("bytes", row.bytes())
                .put("upBytes", row.upBytes())
                .put("downBytes", row.downBytes())
                .put("chargedBytes", row.chargedBytes())
                .put("at", Times.text(row.eventAt()))
                .put("receivedAt", Times.text(row.receivedAt()))
                .put("zone", row.zone())
                .put("category", row.category())
                .put("network", row.plmn());
        if (overage != null) {
            json.put(
                    "charged",
                    MoneyJson.write(
                            Money.ofMinor(row.chargedMinor(), overage.ceiling().currency())));
        }
        return json;
    }
}

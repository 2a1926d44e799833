package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import dev.octroi.quota.account.LedgerEntry;
import dev.octroi.quota.account.OverageView;
import dev.octroi.secret.Sha256;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Rows of the ledger on the wire. */
final class LedgerJson {
    private static final int ID_BYTES = 16;

    private LedgerJson() {}

    /** @param overage names the currency; null where nothing is ever charged */
    static JsonObject write(LedgerEntry row, @Nullable OverageView overage) {
        JsonObject json = new JsonObject()
                .put("record", id(row))
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

    /** Names the record without showing its key, in which a feed may have put a subscriber's number. */
    private static String id(LedgerEntry row) {
        return HexFormat.of().formatHex(Sha256.of(row.source() + "\n" + row.key()), 0, ID_BYTES);
    }
}

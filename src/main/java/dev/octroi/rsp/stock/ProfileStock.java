package dev.octroi.rsp.stock;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.StockRetirementStore;
import dev.octroi.rsp.order.StockStore;
import dev.octroi.rsp.type.ProfileTypeStore;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/**
 * Operators' profiles as the APIs and the command line see them.
 *
 * @param types types and their versions
 * @param inventory what is in stock
 * @param imports takes batches
 * @param retirements takes profiles out of stock for good
 */
public record ProfileStock(
        ProfileTypeStore types, StockStore inventory, StockImport imports, StockRetirementStore retirements) {
    public ProfileStock {
        requireNonNull(types, "types is null");
        requireNonNull(inventory, "inventory is null");
        requireNonNull(imports, "imports is null");
        requireNonNull(retirements, "retirements is null");
    }

    /** Opens the stock over one database. */
    public static ProfileStock open(
            Vertx vertx,
            Database database,
            ProfileVault vault,
            TransportKeys transportKeys,
            Ids ids,
            InstantSource clock) {
        return new ProfileStock(
                vault.types(),
                new StockStore(vault),
                new StockImport(vertx, database, vault, transportKeys, ids, clock),
                new StockRetirementStore(vault));
    }
}

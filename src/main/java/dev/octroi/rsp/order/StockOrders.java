package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Sells operators' profiles from stock to subscriptions. Everything is written in the transaction of whoever orders: without
 * its commit the profiles are in stock as before.
 */
public final class StockOrders {
    private final Es9Ground ground;
    private final StockTakeStore store;
    private final Supplier<String> tokens;

    /** @param tokens makes matching ids */
    public StockOrders(Downloads downloads, Supplier<String> tokens) {
        this.ground = requireNonNull(downloads, "downloads is null").ground();
        this.store = new StockTakeStore(ground.vault);
        this.tokens = requireNonNull(tokens, "tokens is null");
    }

    /** Whether the tenant has imported a type of this name and not retired it. */
    public Future<Boolean> isSold(SqlConnection connection, int tenantId, String profileType) {
        return ground.vault.types().isActive(connection, tenantId, profileType);
    }

    /**
     * Takes profiles of a type and releases them, all that are asked for or none.
     *
     * @param connection of the tenant's role
     * @param quantity 1 to 20
     * @return so many profiles, each ready for download; empty when the stock has not so many
     */
    public Future<List<ProfileRow>> take(SqlConnection connection, int tenantId, String profileType, int quantity) {
        return store.choose(connection, tenantId, profileType, quantity).compose(chosen -> {
            if (chosen.size() < quantity) {
                return Future.succeededFuture(List.of());
            }
            List<String> codes = Stream.generate(tokens).limit(quantity).toList();
            return store.release(connection, tenantId, chosen, codes, ground.now())
                    .map(chosen);
        });
    }
}

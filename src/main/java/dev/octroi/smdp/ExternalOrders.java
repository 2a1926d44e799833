package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Where orders for another SM-DP+ are left, in the transaction that takes the reseller's order. */
public final class ExternalOrders {
    private final ProfileOrderStore store;
    private final String profileType;
    private final Supplier<String> tokens;
    private final Runnable wake;
    private final InstantSource clock;

    /**
     * @param profileType asked for at the other server
     * @param tokens makes matching ids
     * @param wake called after the commit
     */
    public ExternalOrders(
            ProfileOrderStore store, String profileType, Supplier<String> tokens, Runnable wake, InstantSource clock) {
        this.store = requireNonNull(store, "store is null");
        this.profileType = requireNonNull(profileType, "profileType is null");
        this.tokens = requireNonNull(tokens, "tokens is null");
        this.wake = requireNonNull(wake, "wake is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Says that a profile is wanted; nothing is called before the commit. */
    public Future<Void> want(SqlConnection connection, int tenantId, long profileId, String name) {
        return store.insert(
                connection, tenantId, profileId, profileType, BuiltInSmDp.cut(name, 64), tokens.get(), clock.instant());
    }

    /** To be called after the commit. */
    public void wake() {
        wake.run();
    }
}

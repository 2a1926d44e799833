package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Forgets whose profiles were: what is on a card stays there, and nothing here says which card that is. */
public final class ProfileErasures {
    /** No card has it. */
    private static final Iccid NOBODY = Iccid.withCheckDigit("890000000000000000");

    private final ProfileVault vault;
    private final ProfileErasureStore store = new ProfileErasureStore();

    public ProfileErasures(Downloads downloads) {
        this.vault = requireNonNull(downloads, "downloads is null").ground().vault;
    }

    /** Forgets profiles within the caller's transaction of the worker role; those that are not there are passed over. */
    public Future<Void> forget(SqlConnection connection, int tenantId, List<Long> profiles) {
        Future<Void> done = Future.succeededFuture();
        for (long profile : profiles) {
            byte[] nobody = vault.sealIccid(tenantId, profile, NOBODY);
            done = done.compose(last -> store.blank(connection, tenantId, profile, nobody))
                    .compose(last -> store.history(connection, tenantId, profile));
        }
        return done;
    }
}

package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Unavailable;
import dev.octroi.quota.SessionAddressStore;
import dev.octroi.quota.SessionAddressStore.Address;
import dev.octroi.secret.Aad;
import dev.octroi.secret.SealBrokenException;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import java.util.Base64;
import java.util.List;

/**
 * Seals the addresses of open charging sessions anew: a session lasts as long as it reports, and a device that is always on keeps
 * one for months. Blocking.
 */
final class AddressResealing {
    static final String TABLE = "charging_session";
    static final String COLUMN = "notify_to";

    private static final int TIMEOUT_SECONDS = 60;

    private final SealedValueStore store;
    private final Sealer sealer;

    AddressResealing(SealedValueStore store, Sealer sealer) {
        this.store = requireNonNull(store, "store is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
    }

    /** Once through all sessions. */
    Resealing.Outcome run() {
        Resealing.Outcome all = Resealing.Outcome.NOTHING;
        Address after = SessionAddressStore.NONE;
        while (true) {
            List<Address> found = await(store.addressesNotUnder(sealer.sealingKekId(), after));
            for (Address each : found) {
                all = all.and(renew(each));
            }
            if (found.size() < SessionAddressStore.ROWS_AT_ONCE) {
                return all;
            }
            after = found.getLast();
        }
    }

    private Resealing.Outcome renew(Address found) {
        Aad place = Aad.of(found.key().tenantId(), TABLE, COLUMN, found.key().accountId());
        String anew;
        try {
            byte[] clear = sealer.open(place, Base64.getDecoder().decode(found.sealed()));
            anew = Base64.getEncoder().encodeToString(sealer.seal(place, clear));
        } catch (SealBrokenException | IllegalArgumentException e) {
            return new Resealing.Outcome(0, 1, 0);
        }
        boolean isReplaced = await(store.replaceAddress(found, anew)
                .recover(failure ->
                        Unavailable.isSaidBy(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure)));
        return new Resealing.Outcome(isReplaced ? 1 : 0, 0, isReplaced ? 0 : 1);
    }

    private static <T> T await(Future<T> future) {
        return Blocking.await("sealing addresses anew", future, TIMEOUT_SECONDS);
    }
}

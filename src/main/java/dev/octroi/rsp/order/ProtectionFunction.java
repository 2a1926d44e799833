package dev.octroi.rsp.order;

import dev.octroi.rsp.bound.ProtectedProfile;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Protects released profiles ahead of their download, where their type says so (PPK, SGP.22 v2.5 §2.5.3): what is left for
 * the download is wrapping the keys. A download that comes earlier protects its profile itself.
 */
final class ProtectionFunction {

    private static final Logger log = LoggerFactory.getLogger(ProtectionFunction.class);

    private final Es9Ground ground;

    ProtectionFunction(Es9Ground ground) {
        this.ground = ground;
    }

    /** Gives the number of profiles that were looked at. */
    Future<Integer> run() {
        return ground.database.inWorker(connection -> ground.contents
                .protectedProfiles()
                .waiting(connection, Downloads.PROTECTED_AT_ONCE)
                .compose(rows -> each(connection, rows).map(rows.size())));
    }

    private Future<Void> each(SqlConnection connection, List<ProfileRow> rows) {
        Future<Void> all = Future.succeededFuture();
        for (ProfileRow row : rows) {
            all = all.compose(done -> one(connection, row));
        }
        return all;
    }

    private Future<Void> one(SqlConnection connection, ProfileRow row) {
        ProtectedStore store = ground.contents.protectedProfiles();
        return ground.contents.material(connection, row).compose(found -> {
            if (found.isPresent() && found.get() instanceof ProfilePackages.Material.Raw raw) {
                Future<ProtectedProfile> made =
                        ground.computations.onWorker(() -> ground.contents.protect(row, raw, ground.random));
                return made.compose(profile -> store.put(connection, row, profile, ground.now()), failure -> {
                    // Tried again by the download, which has somebody to tell.
                    log.warn("a profile was not protected ahead of its download", failure);
                    return store.mark(connection, row);
                });
            }
            return store.mark(connection, row);
        });
    }
}

package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/**
 * Takes a profile out of the world that is lost: its activation code works no more, downloads in progress end, and it is never
 * given out again. What is on a card already stays there; the network has to bar it.
 */
public final class Withdrawals {
    private final Es9Ground ground;
    private final ResetStore store = new ResetStore();

    public Withdrawals(Downloads downloads) {
        this.ground = requireNonNull(downloads, "downloads is null").ground();
    }

    /**
     * A withdrawn profile.
     *
     * @param profile as it was
     * @param change the step of its timeline
     */
    public record Withdrawn(ProfileRow profile, ProfileChange change) {}

    /**
     * Withdraws a profile in the caller's transaction; empty when this SM-DP+ has no such profile.
     *
     * @param connection of the worker role
     */
    public Future<Optional<Withdrawn>> withdraw(
            SqlConnection connection, int tenantId, long profileId, ProfileChange.Note by) {
        return ground.profiles.find(connection, tenantId, profileId).compose(seen -> {
            if (seen.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            // The profile's row before its package, in the order in which downloads take them.
            return store.lock(connection, tenantId, profileId)
                    .compose(locked -> locked.isEmpty()
                            ? Future.succeededFuture(Optional.empty())
                            : ground.packages
                                    .delete(connection, locked.get())
                                    .compose(deleted -> write(connection, locked.get(), by))
                                    .map(Optional::of));
        });
    }

    /** To be called after the commit. */
    public void committed(Withdrawn withdrawn) {
        ground.recorder.committed(withdrawn.change());
    }

    private Future<Withdrawn> write(SqlConnection connection, ProfileRow profile, ProfileChange.Note by) {
        OrderTerms terms = OrderTerms.withdrawn(profile.limits().operatorId());
        ProfileStatus after = ProfileStatus.initial(ProfileState.UNAVAILABLE, null)
                .withProgress(profile.status().progressNo() + 1);
        ProfileChange change = ProfileChange.of(profile.with(after), ProfileStep.REVOKED, null, null, -1, ground.now())
                .by(by);
        return ground.profiles
                .order(connection, profile, terms, ground.now())
                .compose(written -> ground.recorder.record(connection, change))
                .map(recorded -> new Withdrawn(profile, recorded));
    }
}

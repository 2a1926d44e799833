package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Profiles as other features see them: made, looked at, brought back after an error. */
public final class Profiles {
    private final ProfileStore store;
    private final ProgressStore progress = new ProgressStore();
    private final NotificationStore notifications;
    private final ProgressRecorder recorder;
    private final ProfileVault vault;
    private final InstantSource clock;

    /** Profiles beside the download functions, with which they share listener and clock. */
    public Profiles(Downloads downloads) {
        Es9Ground ground = requireNonNull(downloads, "downloads is null").ground();
        this.store = ground.profiles;
        this.notifications = ground.notifications;
        this.recorder = ground.recorder;
        this.vault = ground.vault;
        this.clock = ground.clock;
    }

    /** The next number of the built-in SM-DP+. */
    public Future<Long> nextNumber(SqlClient client) {
        return store.nextNumber(client);
    }

    /** Stores a profile and begins its timeline, on a connection of the tenant's or the worker's role. */
    public Future<ProfileRow> create(SqlConnection connection, NewProfile profile) {
        return store.insert(connection, profile).compose(row -> {
            ProfileStep step = profile.state() == ProfileState.RELEASED ? ProfileStep.RELEASED : ProfileStep.ORDERED;
            ProfileChange change = ProfileChange.of(row, step, null, null, -1, profile.createdAt());
            return progress.insert(connection, change, null).map(row);
        });
    }

    /** One profile. */
    public Future<Optional<ProfileRow>> find(SqlClient client, int tenantId, long profileId) {
        return store.find(client, tenantId, profileId);
    }

    /** The timeline of a profile, the oldest step first. */
    public Future<List<ProgressStore.Entry>> timeline(SqlClient client, int tenantId, long profileId) {
        return progress.timeline(client, tenantId, profileId);
    }

    /** The number of a profile, for the wire. */
    public Sensitive<Iccid> iccid(ProfileRow row) {
        return Sensitive.of(vault.iccid(row));
    }

    /** The subscriber's number, for the wire; empty when another server made the profile. */
    public Optional<Sensitive<String>> imsi(ProfileRow row) {
        return vault.imsi(row);
    }

    /** The matching id, for the wire. */
    public Optional<Sensitive<String>> matchingId(ProfileRow row) {
        return vault.matchingId(row);
    }

    /** The card of a profile, for the wire. */
    public Optional<Sensitive<Eid>> eid(ProfileRow row) {
        return vault.eid(row).map(Sensitive::of);
    }

    /** A notification as the card sent it, for an operator; worker role. */
    public Future<Optional<byte[]>> notification(SqlClient client, int tenantId, long profileId, long sequence) {
        return notifications.find(client, tenantId, profileId, sequence);
    }

    /** What became of a reset. */
    public enum Reset {
        /** The profile may be downloaded again. */
        DONE,
        /** There is no such profile. */
        UNKNOWN,
        /** It is on a card, or was never released: there is nothing to bring back. */
        NOT_NEEDED
    }

    /**
     * Brings a profile back after an error, a lost download or a deletion, with fresh counters; nothing gets stuck.
     *
     * @param connection of the worker role, whose transaction is the caller's
     * @param reason given by the person who did it, at most 400 characters, without identifiers
     */
    public Future<Reset> reset(SqlConnection connection, int tenantId, long profileId, String reason) {
        return store.find(connection, tenantId, profileId).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Reset.UNKNOWN);
            }
            ProfileRow row = found.get();
            if (!isResettable(row.status())) {
                return Future.succeededFuture(Reset.NOT_NEEDED);
            }
            ProfileStatus next = row.status().reset().withProgress(row.status().progressNo() + 1);
            return store.update(connection, row, next, clock.instant()).compose(written -> {
                if (!written) {
                    return Future.failedFuture(new Es9Ground.Outrun());
                }
                ProfileChange change =
                        ProfileChange.of(row.with(next), ProfileStep.RESET, null, null, -1, clock.instant());
                return recorder.record(connection, change, reason).map(Reset.DONE);
            });
        });
    }

    private static boolean isResettable(ProfileStatus status) {
        return switch (status.state()) {
            case ERROR, DOWNLOADED -> true;
            case UNAVAILABLE -> status.presence() == CardPresence.DELETED;
            case AVAILABLE, ALLOCATED, LINKED, CONFIRMED, RELEASED, INSTALLED -> false;
        };
    }
}

package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;

/** Profiles as other features see them: made and looked at. */
public final class Profiles {
    private final ProfileStore store;
    private final ProgressStore progress = new ProgressStore();
    private final NotificationStore notifications;
    private final ProfileVault vault;

    /** Profiles beside the download functions. */
    public Profiles(Downloads downloads) {
        Es9Ground ground = requireNonNull(downloads, "downloads is null").ground();
        this.store = ground.profiles;
        this.notifications = ground.notifications;
        this.vault = ground.vault;
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
            return progress.insert(connection, change).map(row);
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
}

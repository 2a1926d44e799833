package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Pieces;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Profiles that were ordered from another SM-DP+: their numbers and states, as that server tells them. Devices download
 * them there, so no function of ES9+ and no operator's order here ever finds them.
 */
public final class ExternalProfiles {
    /** Operator of such profiles: nobody hears of their progress from here. */
    static final long ELSEWHERE = -1;

    private static final int MAX_STEPS = 200;

    /** Far beyond the time for which a server sends a call again. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final int PURGE_PIECES = 20;

    private final Es9Ground ground;
    private final StatusWriter writer;
    private final ExternalProfileStore store;

    /** Profiles beside the download functions, with which they share listener and clock. */
    public ExternalProfiles(Downloads downloads) {
        this.ground = requireNonNull(downloads, "downloads is null").ground();
        this.writer = downloads.writer();
        this.store = new ExternalProfileStore(ground.vault);
    }

    /**
     * Keeps a profile that was reserved, in the worker transaction of whoever ordered it. Fails with a unique violation when
     * another profile that is alive has the number.
     *
     * @param id identifier of the profile, on the virtual shard of its subscription
     */
    public Future<Void> reserved(
            SqlConnection connection, int tenantId, long id, String profileType, String profileName, Iccid iccid) {
        ProfileRow.Names names = new ProfileRow.Names(profileType, "", profileName);
        return store.free(connection, iccid)
                .compose(done -> store.insert(connection, tenantId, id, names, iccid, ground.now()))
                .compose(done -> ground.profiles.find(connection, tenantId, id))
                .compose(found -> ground.recorder.record(
                        connection,
                        ProfileChange.of(found.orElseThrow(), ProfileStep.ORDERED, null, null, -1, ground.now())))
                .mapEmpty();
    }

    /** Notes that a reserved profile may be downloaded; what its card was faster to tell stays. */
    public Future<Void> released(SqlConnection connection, int tenantId, long id) {
        return ground.profiles.find(connection, tenantId, id).compose(found -> {
            ProfileRow row = found.orElseThrow();
            ProfileStatus status = row.status();
            ProfileStatus next =
                    status.state() == ProfileState.ALLOCATED ? status.withState(ProfileState.RELEASED) : status;
            return write(connection, row, next, ProfileStep.RELEASED, new Told(null, -1, ground.now()))
                    .mapEmpty();
        });
    }

    /** The order failed for good. */
    public Future<Void> revoked(SqlConnection connection, int tenantId, long id, GsmaStatus reason) {
        return ground.profiles.find(connection, tenantId, id).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture();
            }
            ProfileStatus next = found.get().status().withState(ProfileState.UNAVAILABLE);
            return write(connection, found.get(), next, ProfileStep.REVOKED, new Told(reason, -1, ground.now()))
                    .mapEmpty();
        });
    }

    /** The number of a profile; empty when the other SM-DP+ has given it to another order since. */
    public Future<Optional<Iccid>> numberOf(SqlConnection connection, int tenantId, long id) {
        return ground.profiles.find(connection, tenantId, id).compose(found -> {
            ProfileRow row = found.orElseThrow();
            return store.hasNumber(connection, row)
                    .map(has -> has ? Optional.of(ground.vault.iccid(row)) : Optional.<Iccid>empty());
        });
    }

    /** What became of a report. */
    public enum Reception {
        /** It is in the timeline now. */
        TAKEN,
        /** It was told before. */
        REPEATED,
        /** It is about no profile that was ordered through this partner. */
        UNKNOWN
    }

    private record Taken(Reception reception, Optional<ProfileChange> change) {}

    /**
     * Takes what the other SM-DP+ tells of a profile (ES2+.HandleDownloadProgressInfo, SGP.22 v2.5 §5.3.5). A second
     * telling changes nothing, and what is late does not take a profile back to an earlier state.
     *
     * @param tenantId the tenant that the partner serves, 0 for all
     */
    public Future<Reception> progress(int tenantId, ExternalProgress info) {
        return ground.retrying(() -> ground.database.inWorker(connection -> store.findByIccid(connection, info.iccid())
                        .compose(found ->
                                found.isEmpty() || (tenantId != 0 && found.get().tenantId() != tenantId)
                                        ? Future.succeededFuture(new Taken(Reception.UNKNOWN, Optional.empty()))
                                        : take(connection, found.get(), info))))
                .map(taken -> {
                    taken.change().ifPresent(ground.recorder::committed);
                    return taken.reception();
                });
    }

    /**
     * Forgets what was told so long ago that nobody tells it again; what it said stays in the timeline and with the profile.
     * Gives the number, at most 200,000. For a job.
     */
    public Future<Integer> purgeTold() {
        return Pieces.remove(
                ground.database,
                connection -> store.purge(connection, ground.now().minus(REMEMBERED)),
                ExternalProfileStore.MAX_PURGED,
                PURGE_PIECES);
    }

    private Future<Taken> take(SqlConnection connection, ProfileRow row, ExternalProgress info) {
        return isLate(connection, row, info)
                .map(late -> late ? row.status() : info.after(row.status()))
                .compose(next -> {
                    if (next.equals(row.status()) && row.status().progressNo() >= MAX_STEPS) {
                        // A full timeline takes nothing that changes nothing, so there is nothing to remember either.
                        return Future.succeededFuture(new Taken(Reception.TAKEN, Optional.empty()));
                    }
                    return store.first(connection, row, info.fingerprint(), ground.now())
                            .compose(first -> first
                                    ? note(connection, row, info, next)
                                    : Future.succeededFuture(new Taken(Reception.REPEATED, Optional.empty())));
                });
    }

    /** The numbers of the card say what is newer; where none is told, the clock of the other server does. */
    private Future<Boolean> isLate(SqlConnection connection, ProfileRow row, ExternalProgress info) {
        return info.sequence() < 0 && info.refusal() == null && info.isOfTheCard()
                ? store.isLate(connection, row, info.at(), info.step() == ProfileStep.DELETED)
                : Future.succeededFuture(false);
    }

    private Future<Taken> note(SqlConnection connection, ProfileRow row, ExternalProgress info, ProfileStatus next) {
        Told told =
                new Told(info.refusal(), info.sequence(), info.at().isAfter(ground.now()) ? ground.now() : info.at());
        // The update writes the card's columns too, so the card is met after it.
        return write(connection, row, next, info.step(), told)
                .compose(change ->
                        meet(connection, row, info.eid()).map(new Taken(Reception.TAKEN, Optional.of(change))));
    }

    private Future<Void> meet(SqlConnection connection, ProfileRow row, @Nullable Eid eid) {
        return eid == null ? Future.succeededFuture() : store.meet(connection, row, eid);
    }

    private record Told(@Nullable GsmaStatus refusal, long sequence, Instant at) {}

    private Future<ProfileChange> write(
            SqlConnection connection, ProfileRow row, ProfileStatus next, ProfileStep step, Told told) {
        ProfileStatus numbered = next.withProgress(row.status().progressNo() + 1);
        return writer.write(
                connection,
                row,
                numbered,
                ProfileChange.of(row.with(numbered), step, told.refusal(), null, told.sequence(), told.at()));
    }
}

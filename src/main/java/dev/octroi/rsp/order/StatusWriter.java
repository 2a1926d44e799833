package dev.octroi.rsp.order;

import dev.octroi.rsp.session.DeviceFacts;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes one step of a profile: its new status, the timeline and whatever else belongs to the same transaction. */
final class StatusWriter {
    /** A timeline that grows beyond this is made by a device gone wrong; more refusals are not recorded. */
    private static final int MAX_STEPS = 1_000;

    private final Es9Ground ground;

    StatusWriter(Es9Ground ground) {
        this.ground = ground;
    }

    /**
     * One step.
     *
     * @param read the profile as it was read
     * @param next its status after the step
     * @param step what happened
     * @param refusal why it failed, or null
     * @param device what card and device said, or null
     * @param notificationSequence number of the notification that told it, -1 for none
     */
    record Step(
            ProfileRow read,
            ProfileStatus next,
            ProfileStep step,
            @Nullable GsmaStatus refusal,
            @Nullable DeviceFacts device,
            long notificationSequence) {

        Step(ProfileRow read, ProfileStatus next, ProfileStep step) {
            this(read, next, step, null, null, -1);
        }

        /** A refusal that leaves the profile as it is. */
        static Step refused(ProfileRow read, ProfileStep step, GsmaStatus refusal, @Nullable DeviceFacts device) {
            return new Step(read, read.status(), step, refusal, device, -1);
        }

        private boolean isNoise() {
            return refusal != null
                    && next.equals(read.status())
                    && read.status().progressNo() >= MAX_STEPS;
        }
    }

    /** Writes the step and what comes with it in one transaction; fails with Outrun when the profile has changed. */
    Future<Void> write(Step step, Function<SqlConnection, Future<Void>> also) {
        if (step.isNoise()) {
            return Future.succeededFuture();
        }
        return ground.database
                .inWorker(connection -> {
                    Future<Void> others = also.apply(connection);
                    Future<ProfileChange> written = write(connection, step);
                    return Pipelined.all(others, written).compose(all -> written);
                })
                .map(change -> {
                    ground.recorder.committed(change);
                    return null;
                });
    }

    /** Writes the step alone. */
    Future<Void> write(Step step) {
        return write(step, connection -> Future.succeededFuture());
    }

    /** Writes the step within a transaction; whatever was written is to be rolled back when it fails. */
    Future<ProfileChange> write(SqlConnection connection, Step step) {
        Instant now = ground.now();
        ProfileStatus numbered = step.next().withProgress(step.read().status().progressNo() + 1);
        ProfileChange change = ProfileChange.of(
                step.read().with(numbered),
                step.step(),
                step.refusal(),
                step.device(),
                step.notificationSequence(),
                now);
        Future<Void> updated = ground.profiles
                .update(connection, step.read(), numbered, now)
                .compose(written -> written ? Future.succeededFuture() : Future.failedFuture(new Es9Ground.Outrun()));
        return Pipelined.all(updated, ground.recorder.record(connection, change))
                .map(change);
    }
}

package dev.octroi.rsp.order;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.session.DeviceFacts;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes one step of a profile: its new status, the timeline and whatever else belongs to the same transaction. */
final class StatusWriter {
    /** A timeline that grows beyond this is made by a device gone wrong; more refusals are not recorded. */
    private static final int MAX_STEPS = 1_000;

    private static final String UNIQUE_VIOLATION = "23505";

    private final Es9Ground ground;
    private final StepStore store;

    StatusWriter(Es9Ground ground, Vertx vertx) {
        this.ground = ground;
        this.store = new StepStore(vertx, ground.database, ground.recorder.onlyHeard());
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
     * @param card that the step is about; null for the one that the profile was known to be on
     */
    record Step(
            ProfileRow read,
            ProfileStatus next,
            ProfileStep step,
            @Nullable GsmaStatus refusal,
            @Nullable DeviceFacts device,
            long notificationSequence,
            @Nullable Eid card) {

        Step(
                ProfileRow read,
                ProfileStatus next,
                ProfileStep step,
                @Nullable GsmaStatus refusal,
                @Nullable DeviceFacts device,
                long notificationSequence) {
            this(read, next, step, refusal, device, notificationSequence, null);
        }

        Step(ProfileRow read, ProfileStatus next, ProfileStep step) {
            this(read, next, step, null, null, -1);
        }

        /** The same step of a card in its session. */
        Step of(Eid asking) {
            return new Step(read, next, step, refusal, device, notificationSequence, asking);
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

    /** Something that is done once was done before: nothing was written. */
    static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("done before", null, false, false);
        }
    }

    /** Writes the step alone; gives the profile as it is after it. */
    Future<ProfileRow> write(Step step) {
        return write(step, StepStore.Also.nothing());
    }

    /**
     * Writes the step and what belongs to it at once; fails with Outrun when the profile has changed, and with Closed when
     * the condition of what belongs to it holds.
     *
     * @return the profile as it is after the step
     */
    Future<ProfileRow> write(Step step, StepStore.Also also) {
        if (step.isNoise()) {
            return Future.succeededFuture(step.read());
        }
        Instant now = ground.now();
        ProfileStatus numbered = step.next().withProgress(step.read().status().progressNo() + 1);
        ProfileChange change = ProfileChange.of(
                step.read().with(numbered),
                step.step(),
                step.refusal(),
                step.device(),
                step.notificationSequence(),
                now);
        Eid card = step.card() == null ? ground.vault.eid(step.read()).orElse(null) : step.card();
        StepStore.Entry entry =
                new StepStore.Entry(step.read(), numbered, change, now, ground.recorder.letter(change, card), also);
        boolean listened = step.read().isListenedTo();
        Future<StepStore.Written> written = listened
                ? ground.database.inWorker(connection -> store.write(connection, entry)
                        .compose(done -> done.done()
                                ? ground.recorder
                                        .tellListener(connection, change)
                                        .map(done)
                                : Future.succeededFuture(done)))
                : store.write(entry);
        return written.recover(failure -> closed(failure, also)).compose(done -> {
            if (!done.done()) {
                return Future.failedFuture(done.closed() ? new Closed() : new Es9Ground.Outrun());
            }
            if (listened || done.told()) {
                ground.recorder.committed(change);
            }
            return Future.succeededFuture(step.read().written(numbered));
        });
    }

    /** Two did at once what is done once: the second finds the key of the first. */
    private static Future<StepStore.Written> closed(Throwable failure, StepStore.Also also) {
        return also.shape().isOnce()
                        && failure instanceof PgException refused
                        && UNIQUE_VIOLATION.equals(refused.getSqlState())
                ? Future.succeededFuture(new StepStore.Written(false, false, true))
                : Future.failedFuture(failure);
    }

    /** Writes a change within a transaction of somebody else's; fails with Outrun. */
    Future<ProfileChange> write(
            SqlConnection connection, ProfileRow read, ProfileStatus numbered, ProfileChange change) {
        StepStore.Entry entry = new StepStore.Entry(
                read, numbered, change, ground.now(), ground.recorder.letter(change, null), StepStore.Also.nothing());
        return store.write(connection, entry)
                .compose(done -> done.done()
                        ? ground.recorder.tellListener(connection, change).map(change)
                        : Future.failedFuture(new Es9Ground.Outrun()));
    }
}

package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The course of a change, as a state machine without a clock.
 *
 * @param state where it stands
 * @param step the step at hand, from 0
 * @param stepDoneAt when all of the step had it; null while it is being applied
 * @param expiresAt until when it may be approved; null where nobody has to
 * @param stopReason why it stopped by itself; null unless it did
 */
public record Rollout(
        ChangeState state,
        int step,
        @Nullable Instant stepDoneAt,
        @Nullable Instant expiresAt,
        @Nullable String stopReason) {
    public Rollout {
        requireNonNull(state, "state is null");
    }

    /** A change that waits for somebody else until a moment. */
    public static Rollout waiting(Instant expiresAt) {
        return new Rollout(ChangeState.WAITING, 0, null, expiresAt, null);
    }

    /** A change small enough to begin at once. */
    public static Rollout running() {
        return new Rollout(ChangeState.RUNNING, 0, null, null, null);
    }

    /** What a person may want. */
    public enum Wish {
        APPROVE,
        REJECT,
        PAUSE,
        RESUME,
        UNDO
    }

    /** What became of a wish. */
    public sealed interface Ruling {
        /** It is so now. */
        record Granted(Rollout rollout) implements Ruling {}

        /** The one who proposed may not be the one who approves. */
        record OwnProposal() implements Ruling {}

        /** Not in this state. */
        record WrongState(ChangeState state) implements Ruling {}
    }

    /**
     * A person wants something.
     *
     * @param own whether it is the person who proposed the change
     */
    public Ruling wish(Wish wish, boolean own, Instant now) {
        return switch (wish) {
            case APPROVE -> {
                if (state != ChangeState.WAITING || isExpired(now)) {
                    yield new Ruling.WrongState(isExpired(now) ? ChangeState.EXPIRED : state);
                }
                yield own ? new Ruling.OwnProposal() : new Ruling.Granted(running());
            }
            case REJECT -> grant(state == ChangeState.WAITING, at(ChangeState.REJECTED));
            case PAUSE -> grant(state == ChangeState.RUNNING, at(ChangeState.PAUSED));
            // The step is watched anew, for as long as it says.
            case RESUME ->
                grant(
                        state == ChangeState.PAUSED || state == ChangeState.STOPPED,
                        new Rollout(ChangeState.RUNNING, step, null, expiresAt, null));
            case UNDO ->
                switch (state) {
                    case WAITING -> new Ruling.Granted(at(ChangeState.WITHDRAWN));
                    case RUNNING, PAUSED, STOPPED, COMPLETED -> new Ruling.Granted(at(ChangeState.UNDOING));
                    default -> new Ruling.WrongState(state);
                };
        };
    }

    /** What is to be done now. */
    public sealed interface Task {
        /** Nothing before a moment; null: nothing at all. */
        record Rest(@Nullable Instant until) implements Task {}

        /** Apply to the subscriptions up to a position that do not have it yet. */
        record Apply(int upTo) implements Task {}

        /** Take back from those that have it. */
        record TakeBack() implements Task {}

        /**
         * Go on as another.
         *
         * @param what the word for the audit log
         */
        record Turn(Rollout next, String what) implements Task {}
    }

    /**
     * Time passes.
     *
     * @param pending positions up to the step's share that are not reached
     * @param indicator what is seen
     */
    public Task next(RolloutPlan plan, int pending, Indicator indicator, Instant now) {
        return switch (state) {
            case WAITING ->
                isExpired(now) ? new Task.Turn(at(ChangeState.EXPIRED), "expired") : new Task.Rest(expiresAt);
            case RUNNING -> run(plan, pending, indicator, now);
            case UNDOING ->
                indicator.applied() > 0 ? new Task.TakeBack() : new Task.Turn(at(ChangeState.UNDONE), "undone");
            default -> new Task.Rest(null);
        };
    }

    private Task run(RolloutPlan plan, int pending, Indicator indicator, Instant now) {
        Optional<String> bad = plan.stop().judge(indicator);
        if (bad.isPresent()) {
            return new Task.Turn(new Rollout(ChangeState.STOPPED, step, stepDoneAt, expiresAt, bad.get()), "stopped");
        }
        if (pending > 0) {
            return new Task.Apply(plan.upTo(step));
        }
        Instant done = stepDoneAt;
        if (done == null) {
            return new Task.Turn(new Rollout(state, step, now, expiresAt, null), "step_applied");
        }
        Instant soaked = done.plus(plan.soak(step));
        if (now.isBefore(soaked)) {
            return new Task.Rest(soaked);
        }
        return plan.isLast(step)
                ? new Task.Turn(at(ChangeState.COMPLETED), "completed")
                : new Task.Turn(new Rollout(state, step + 1, null, expiresAt, null), "step_begun");
    }

    private boolean isExpired(Instant now) {
        return state == ChangeState.WAITING && expiresAt != null && !now.isBefore(expiresAt);
    }

    private Ruling grant(boolean may, Rollout next) {
        return may ? new Ruling.Granted(next) : new Ruling.WrongState(state);
    }

    private Rollout at(ChangeState next) {
        return new Rollout(next, step, stepDoneAt, expiresAt, stopReason);
    }
}

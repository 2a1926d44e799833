package dev.octroi.charging;

import dev.octroi.policy.Level;
import dev.octroi.policy.Speed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policy counters of an account (3GPP TS 29.594 §5.6). Their statuses are words of ours, documented for operators; a
 * change that is known beforehand is a pending status.
 */
enum PolicyCounter {
    /** What is left: {@code normal}, {@code low} from the plan's warning on, {@code exhausted}. */
    VOLUME("octroi-volume") {
        @Override
        String status(CounterState state) {
            if (state.usedBytes() >= state.totalBytes()) {
                return "exhausted";
            }
            double percent = 100.0 * state.usedBytes() / state.totalBytes();
            return percent >= state.warnAtPercent() ? "low" : "normal";
        }
    },
    /** The cap in force: {@code unlimited}, or kbit/s down and up as in {@code kbps-384-128}. */
    SPEED("octroi-speed") {
        @Override
        String status(CounterState state) {
            Speed speed = state.speed();
            return speed == null ? "unlimited" : "kbps-" + speed.downKbps() + "-" + speed.upKbps();
        }

        @Override
        @Nullable
        Instant pendingAt(CounterState state) {
            return state.speed() == null ? null : state.until();
        }
    },
    /** What passes: {@code allowed}, {@code background-blocked}, {@code suspended-data}, {@code suspended-all}. */
    ACCESS("octroi-access") {
        @Override
        String status(CounterState state) {
            return switch (state.level()) {
                case NORMAL, THROTTLED -> "allowed";
                case BACKGROUND_BLOCKED -> "background-blocked";
                case SUSPENDED_DATA -> "suspended-data";
                case SUSPENDED_ALL -> "suspended-all";
            };
        }

        @Override
        @Nullable
        Instant pendingAt(CounterState state) {
            return state.level().compareTo(Level.BACKGROUND_BLOCKED) >= 0 ? state.until() : state.endsAt();
        }

        @Override
        String pending(CounterState state) {
            return state.level().compareTo(Level.BACKGROUND_BLOCKED) >= 0 ? "allowed" : "suspended-data";
        }
    };

    private final String id;

    PolicyCounter(String id) {
        this.id = id;
    }

    /** The policyCounterId. */
    String id() {
        return id;
    }

    static Optional<PolicyCounter> ofId(String id) {
        for (PolicyCounter counter : values()) {
            if (counter.id.equals(id)) {
                return Optional.of(counter);
            }
        }
        return Optional.empty();
    }

    abstract String status(CounterState state);

    /** When the status changes by itself; null when that is not known. */
    @Nullable
    Instant pendingAt(CounterState state) {
        return null;
    }

    /** The status from then on. */
    String pending(CounterState state) {
        return "unlimited";
    }

    /** PolicyCounterInfo. */
    JsonObject info(CounterState state, Instant now) {
        JsonObject info = new JsonObject().put("policyCounterId", id).put("currentStatus", status(state));
        Instant at = pendingAt(state);
        if (at != null && at.isAfter(now)) {
            info.put(
                    "penPolCounterStatuses",
                    new JsonArray()
                            .add(new JsonObject()
                                    .put("policyCounterStatus", pending(state))
                                    .put("activationTime", at.toString())));
        }
        return info;
    }
}

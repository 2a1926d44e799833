package dev.octroi.callback.outbox;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** Turns many nudges from any thread into few looks at the table on one event loop. */
final class Nudges {
    /** Nudges that come closer together share one look. */
    private static final long GAP_MS = 20;

    private final Vertx vertx;
    private final Context context;
    private final InstantSource clock;
    private final Runnable look;
    private final AtomicBoolean nudged = new AtomicBoolean();
    /** Of the event loop. */
    private long lookedAtMs;

    /** @param look runs on the event loop */
    Nudges(Vertx vertx, Context context, InstantSource clock, Runnable look) {
        this.vertx = vertx;
        this.context = context;
        this.clock = clock;
        this.look = look;
    }

    /** From any thread, as often as one likes. */
    void nudge() {
        if (nudged.compareAndSet(false, true)) {
            context.runOnContext(go -> {
                long sinceMs = Math.max(0, clock.millis() - lookedAtMs);
                if (sinceMs >= GAP_MS) {
                    look();
                } else {
                    vertx.setTimer(GAP_MS - sinceMs, due -> look());
                }
            });
        }
    }

    /** Somebody looks now. */
    void looked() {
        lookedAtMs = clock.millis();
    }

    private void look() {
        nudged.set(false);
        look.run();
    }
}

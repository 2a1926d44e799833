package dev.octroi.app;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether this gateway wants traffic: after warm-up, until it is asked to stop. */
public final class Readiness {
    private final AtomicBoolean ready = new AtomicBoolean();

    /** From now on traffic is welcome. */
    public void open() {
        ready.set(true);
    }

    /** From now on a load balancer should look elsewhere; requests in hand still end. */
    public void close() {
        ready.set(false);
    }

    /** Whether traffic is welcome. */
    public boolean isOpen() {
        return ready.get();
    }
}

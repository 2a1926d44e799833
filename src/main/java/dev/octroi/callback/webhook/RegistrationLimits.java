package dev.octroi.callback.webhook;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * What registering endpoints may cost others: each wish has a name looked up and a host called, whoever they belong to. A tenant has a few
 * under way at once, and fails only so often in a minute.
 */
final class RegistrationLimits {
    static final int AT_ONCE = 4;
    static final int FAILED_PER_MINUTE = 30;

    private final InstantSource clock;
    private final Map<Integer, Tries> tries = new HashMap<>();

    RegistrationLimits(InstantSource clock) {
        this.clock = clock;
    }

    private record Tries(int underWay, Instant minute, int failed) {}

    /** Whether a tenant may try; if so, {@link #end} is to follow. */
    synchronized boolean begin(int tenantId) {
        Tries now = now(tenantId);
        if (now.underWay() >= AT_ONCE || now.failed() >= FAILED_PER_MINUTE) {
            return false;
        }
        tries.put(tenantId, new Tries(now.underWay() + 1, now.minute(), now.failed()));
        return true;
    }

    synchronized void end(int tenantId, boolean failed) {
        Tries now = now(tenantId);
        tries.put(tenantId, new Tries(now.underWay() - 1, now.minute(), now.failed() + (failed ? 1 : 0)));
        tries.values().removeIf(each -> each.underWay() == 0 && each.minute().isBefore(now.minute()));
    }

    private Tries now(int tenantId) {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        Tries known = tries.getOrDefault(tenantId, new Tries(0, minute, 0));
        return known.minute().equals(minute) ? known : new Tries(known.underWay(), minute, 0);
    }
}
